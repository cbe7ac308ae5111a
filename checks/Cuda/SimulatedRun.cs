using ILGPU.Runtime;
using IlgpuDistance.Checks.Races;

namespace IlgpuDistance.Checks.Cuda;

/// <summary>What became of cases, or of a copy of a product, on the emulated device.</summary>
/// <param name="Launches">What was launched and ended well.</param>
/// <param name="Problems">A line for each finding, and for each result that differs.</param>
internal sealed record SimulatedRun(IReadOnlyList<SimulatedLaunch> Launches, IReadOnlyList<string> Problems)
{
    /// <summary>Runs a case.</summary>
    public static SimulatedRun Of(SimulatedCase @case) => Of(simulation => simulation.Run(@case));

    /// <summary>Runs a copy of a product.</summary>
    public static SimulatedRun Of(FlawedProduct.Flaw flaw) => Of(simulation =>
    {
        FlawedProduct.Run(simulation, flaw);
        return [];
    });

    private static SimulatedRun Of(Func<Simulation, IEnumerable<string>> run)
    {
        using var simulation = new EmulatedSimulation();
        try
        {
            return new SimulatedRun(simulation.Launches, [.. run(simulation)]);
        }
        catch (AcceleratorException error)
        {
            return new SimulatedRun(simulation.Launches, [error.Message]);
        }
    }
}

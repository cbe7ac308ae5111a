using CommandLine;
using IlgpuDistance.Checks.Races;
using IlgpuDistance.Gpu;

namespace IlgpuDistance.Checks.Verbs;

[Verb("simulate", Hidden = true, HelpText = "Run one case on Oclgrind's device; \"races\" starts this inside Oclgrind.")]
internal sealed class SimulateVerb : CheckVerb
{
    [Option("case", Required = true, MetaValue = "NAME", HelpText = "Which case.")]
    public string Case { get; set; } = "";

    public override int Run()
    {
        SimulatedCase @case = SimulatedCase.All.FirstOrDefault(one => one.Name == Case) ?? throw new InputException(
            $"--case {Case}: expected {string.Join(", ", SimulatedCase.All.Select(one => one.Name))}");
        using var simulation = new Simulation();
        IReadOnlyList<string> differences = simulation.Run(@case);
        Report(differences.Select(difference => $"{@case.Name}: {difference}"));
        return differences.Count == 0 ? 0 : 1;
    }
}

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
        SimulatedCase? @case = SimulatedCase.All.FirstOrDefault(one => one.Name == Case);
        if (@case is null && Case != RacesVerb.Flawed)
            throw new InputException($"--case {Case}: expected {string.Join(", ", SimulatedCase.All.Select(one => one.Name))} or {RacesVerb.Flawed}");
        using var simulation = new Simulation();
        if (@case is null)
            FlawedProduct.RunAll(simulation);
        else
            simulation.Run(@case);
        return 0;
    }
}

using CommandLine;
using IlgpuDistance.Checks.Races;
using IlgpuDistance.Cli.Verbs;

namespace IlgpuDistance.Checks.Verbs;

[Verb("simulate", Hidden = true, HelpText = "Run one case on Oclgrind's device; \"races\" starts this inside Oclgrind.")]
internal sealed class SimulateVerb : CheckVerb
{
    [Option("case", Required = true, MetaValue = "NAME", HelpText = "Which case.")]
    public string Case { get; set; } = "";

    public override int Run()
    {
        RacesVerb.CheckCase(Case);
        using var simulation = new Simulation();
        if (Case == RacesVerb.Flawed)
            FlawedProduct.RunAll(simulation);
        else
            simulation.Run(SimulatedCase.All.Single(one => one.Name == Case));
        return 0;
    }
}

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
        using var simulation = new OclgrindSimulation();
        if (Case == RacesVerb.Flawed)
        {
            foreach (FlawedProduct.Flaw flaw in RacesVerb.Reports.Keys)
                FlawedProduct.Run(simulation, flaw);
            return 0;
        }
        // Where results differ, a line on standard error says so, like the simulator's reports.
        foreach (string difference in simulation.Run(SimulatedCase.All.Single(one => one.Name == Case)))
            Console.Error.WriteLine(difference);
        return 0;
    }
}

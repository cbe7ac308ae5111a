using System.Diagnostics;
using CommandLine;
using IlgpuDistance.Checks.Races;
using IlgpuDistance.Gpu.Kernels;

namespace IlgpuDistance.Checks.Verbs;

[Verb("races", HelpText = "Run all kernels under Oclgrind and report races, accesses out of bounds and uninitialised values.")]
internal sealed class RacesVerb : CheckVerb
{
    /// <summary>The case that is not one of <see cref="SimulatedCase.All"/> but all of <see cref="FlawedProduct"/>.</summary>
    public const string Flawed = "flawed";

    [Option("case", MetaValue = "NAME", HelpText = "Simulate this case alone; not all kernels are run then.")]
    public string? Case { get; set; }

    public override int Run()
    {
        var clock = Stopwatch.StartNew();
        string[] names = Case is null ? [Flawed, .. SimulatedCase.All.Select(one => one.Name)] : [Case];
        SimulationLog[] logs = [.. names.AsParallel().WithDegreeOfParallelism(Environment.ProcessorCount).Select(Oclgrind.Simulate)];

        SimulationLog[] cases = [.. logs.Where(log => log.Name != Flawed)];
        string[] launches = [.. cases.SelectMany(log => log.Launches)];
        List<string> problems = [.. cases.SelectMany(log => log.Problems()), .. logs.Where(log => log.Name == Flawed).SelectMany(FlawsNotSeen)];
        if (Case is null)
            problems.AddRange(KernelCatalogue.All.Select(kernel => kernel.Name).Except(launches).Select(name => $"{name}: no case launches it"));
        Report(problems);
        if (problems.Count == 0)
        {
            Console.Out.WriteLine(
                $"check-races: {launches.Distinct().Count()} kernels, {launches.Length} launches in {cases.Length} networks under Oclgrind: no race, " +
                "no access out of bounds, no uninitialised value; results agree with the SIMD executor" +
                $"{(Case is null ? "; a removed barrier, a write out of bounds and an unfilled tile were seen" : "")} ({clock.Elapsed.TotalSeconds:0} s)");
        }
        return problems.Count == 0 ? 0 : 1;
    }

    /// <summary>A line for each flaw without the report that it deserves, and for a report on what has no flaw.</summary>
    private static IEnumerable<string> FlawsNotSeen(SimulationLog log)
    {
        foreach (FlawedProduct.Flaw flaw in Enum.GetValues<FlawedProduct.Flaw>())
        {
            SimulationLog.Finding[] findings = [.. log.Findings.Where(finding => finding.Kernel == flaw.ToString())];
            string? expected = FlawedProduct.ReportOf(flaw);
            if (!log.Launches.Contains(flaw.ToString()))
                yield return $"{log.Name}: the copy of the product with the flaw {flaw} was not launched, exit code {log.ExitCode}";
            else if (expected is null && findings.Length > 0)
                yield return $"{log.Name}: a copy of the product without a flaw is reported: {findings[0].Text}";
            else if (expected is not null && !findings.Any(finding => finding.Text.Contains(expected, StringComparison.OrdinalIgnoreCase)))
                yield return $"{log.Name}: the flaw {flaw} was not seen, expected a report of \"{expected}\" among {findings.Length}";
        }
    }
}

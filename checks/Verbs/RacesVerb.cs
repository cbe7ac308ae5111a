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
        SimulatedLaunch[] launches = [.. cases.SelectMany(log => log.Launches)];
        List<string> problems = [.. cases.SelectMany(log => log.Problems()), .. logs.Where(log => log.Name == Flawed).SelectMany(FlawsNotSeen)];
        if (Case is null)
            problems.AddRange(KernelCatalogue.All.SelectMany(kernel => Gaps(kernel, [.. launches.Where(launch => launch.Kernel == kernel.Name)])));
        Report(problems);
        if (problems.Count == 0)
        {
            string flaws = Case is null or Flawed ? "a removed barrier, a write out of bounds and an unfilled tile were seen; " : "";
            Console.Out.WriteLine(
                $"check-races: {launches.DistinctBy(launch => launch.Kernel).Count()} kernels, {launches.Length} launches in {cases.Length} networks " +
                "under Oclgrind: no race, no access out of bounds, no uninitialised value, results agree with the SIMD executor; " +
                $"{flaws}{clock.Elapsed.TotalSeconds:0} s");
        }
        return problems.Count == 0 ? 0 : 1;
    }

    /// <summary>What the launches of a kernel leave untried.</summary>
    private static IEnumerable<string> Gaps(Kernel kernel, SimulatedLaunch[] launches)
    {
        if (launches.Length == 0)
            yield return $"{kernel.Name}: no case launches it";
        else if (kernel.IsProduct && !launches.Any(launch => launch.Shape is { N: > 64, I: > 16, O: > 16 }))
            yield return $"{kernel.Name}: no case has more samples, inputs and outputs than a tile";
        else if (kernel == StepKernels.Step && !launches.Any(launch => launch.Shape.S > 8))
            yield return $"{kernel.Name}: no case has more slices than it adds up at a time";
    }

    /// <summary>A line for each flaw without the report that it deserves, and for a report on what has no flaw.</summary>
    private static IEnumerable<string> FlawsNotSeen(SimulationLog log)
    {
        foreach (FlawedProduct.Flaw flaw in Enum.GetValues<FlawedProduct.Flaw>())
        {
            SimulationLog.Finding[] findings = [.. log.Findings.Where(finding => finding.Kernel == flaw.ToString())];
            string? expected = FlawedProduct.ReportOf(flaw);
            if (log.Launches.All(launch => launch.Kernel != flaw.ToString()))
                yield return $"{log.Name}: the copy of the product with the flaw {flaw} was not launched, exit code {log.ExitCode}";
            else if (expected is null && findings.Length > 0)
                yield return $"{log.Name}: a copy of the product without a flaw is reported: {findings[0].Text}";
            else if (expected is not null && !findings.Any(finding => finding.Text.Contains(expected, StringComparison.OrdinalIgnoreCase)))
                yield return $"{log.Name}: the flaw {flaw} was not seen, expected a report of \"{expected}\" among {findings.Length}";
        }
    }
}

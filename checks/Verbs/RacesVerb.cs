using System.Collections.Concurrent;
using System.Diagnostics;
using CommandLine;
using IlgpuDistance.Checks.Races;
using IlgpuDistance.Cli.Verbs;
using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Checks.Verbs;

[Verb("races", HelpText = "Run all kernels under Oclgrind and report races, accesses out of bounds and uninitialised values.")]
internal sealed class RacesVerb : CheckVerb
{
    /// <summary>The case that is not one of <see cref="SimulatedCase.All"/> but all of <see cref="FlawedProduct"/>.</summary>
    public const string Flawed = "flawed";

    /// <summary>Enough to see what is wrong with a kernel; all of the flaws' reports are looked at.</summary>
    private const int MostReports = 1000, MostReportsOfFlaws = 1_000_000;

    [Option(
        "case", Separator = ',', MetaValue = "NAME,NAME", HelpText = "Simulate these cases alone; not all kernels are run then.")]
    public IEnumerable<string> Cases { get; set; } = [];

    /// <summary>What a report on a copy must contain; null where there must be none.</summary>
    public static IReadOnlyDictionary<FlawedProduct.Flaw, string?> Reports { get; } = new Dictionary<FlawedProduct.Flaw, string?>
    {
        [FlawedProduct.Flaw.None] = null,
        [FlawedProduct.Flaw.NoBarrierAfterFilling] = "data race",
        [FlawedProduct.Flaw.NoBarrierBeforeRefilling] = "data race",
        [FlawedProduct.Flaw.OutOfBounds] = "Invalid write",
        [FlawedProduct.Flaw.Uninitialised] = "Uninitialized value",
    };

    public override int Run()
    {
        var clock = Stopwatch.StartNew();
        string[] names = [.. Cases];
        foreach (string name in names)
            CheckCase(name);
        bool isWhole = names.Length == 0;
        if (isWhole)
            names = [Flawed, .. SimulatedCase.All.Select(one => one.Name)];
        SimulationLog[] logs = [.. Partitioner.Create(names, loadBalance: true).AsParallel().AsOrdered().Select(Simulate)];

        SimulationLog[] cases = [.. logs.Where(log => log.Name != Flawed)];
        SimulatedLaunch[] launches = [.. cases.SelectMany(log => log.Launches)];
        List<string> problems = [.. cases.SelectMany(log => log.Problems()),
            .. logs.Where(log => log.Name == Flawed).SelectMany(FlawsNotSeen)];
        if (isWhole)
            problems.AddRange(SimulatedLaunch.Gaps(launches));

        Report(problems);
        if (problems.Count > 0)
            return 1;
        var found = new List<string>();
        if (cases.Length > 0)
            found.Add(Summary(cases.Length, launches));
        if (names.Contains(Flawed))
            found.Add("a removed barrier, a write out of bounds and an unfilled tile were seen");
        Console.Out.WriteLine($"check-races: {string.Join("; ", found)}; {clock.Elapsed.TotalSeconds:0} s");
        return 0;
    }

    private static string Summary(int cases, SimulatedLaunch[] launches) =>
        $"{launches.DistinctBy(launch => launch.Kernel).Count()} kernels, {launches.Length} launches in {cases} networks under " +
        "Oclgrind: no race, no access out of bounds, no uninitialised value, results agree with the SIMD executor";

    private static SimulationLog Simulate(string name) =>
        Oclgrind.Simulate(name, name == Flawed ? MostReportsOfFlaws : MostReports);

    /// <summary>Checks the name of a case.</summary>
    /// <exception cref="InputException">There is no such case.</exception>
    public static void CheckCase(string name)
    {
        string[] names = [.. SimulatedCase.All.Select(one => one.Name), Flawed];
        if (!names.Contains(name))
            throw new InputException($"--case {name}: expected {string.Join(", ", names[..^1])} or {names[^1]}");
    }

    /// <summary>A line for each flaw without the report that it deserves, and for a report on what has no flaw.</summary>
    private static IEnumerable<string> FlawsNotSeen(SimulationLog log)
    {
        foreach (var (flaw, expected) in Reports)
        {
            SimulationLog.Finding[] findings = [.. log.Findings.Where(finding => finding.Kernel == flaw.ToString())];
            if (log.Launches.All(launch => launch.Kernel != flaw.ToString()))
            {
                yield return $"{log.Name}: the copy of the product with the flaw {flaw} was not launched, exit code " +
                    $"{log.ExitCode}";
            }
            else if (expected is null && findings.Length > 0)
            {
                yield return $"{log.Name}: a copy of the product without a flaw is reported: {findings[0].Text}";
            }
            else if (expected is not null
                && !findings.Any(finding => finding.Text.Contains(expected, StringComparison.OrdinalIgnoreCase)))
            {
                yield return $"{log.Name}: the flaw {flaw} was not seen, expected a report of \"{expected}\" among " +
                    $"{findings.Length}";
            }
        }
    }
}

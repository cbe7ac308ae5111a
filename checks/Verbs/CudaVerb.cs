using System.Collections.Concurrent;
using CommandLine;
using IlgpuDistance.Checks.Cuda;
using IlgpuDistance.Checks.Races;
using IlgpuDistance.Cli.Verbs;

namespace IlgpuDistance.Checks.Verbs;

[Verb("cuda", HelpText = "Run all kernels on the emulated CUDA device, whole and with flaws, and report what it finds.")]
internal sealed class CudaVerb : CheckVerb
{
    /// <summary>What the finding on a copy must contain; null where there must be none.</summary>
    private static readonly Dictionary<FlawedProduct.Flaw, string?> Findings = new()
    {
        [FlawedProduct.Flaw.None] = null,
        [FlawedProduct.Flaw.NoBarrierAfterFilling] = "data race: read of 16 bytes of shared memory",
        [FlawedProduct.Flaw.NoBarrierBeforeRefilling] = "data race: write of ",
        [FlawedProduct.Flaw.OutOfBounds] = "out of bounds: write of 16 bytes of global memory",
        [FlawedProduct.Flaw.Uninitialised] = "uninitialised: read of 16 bytes of shared memory",
        [FlawedProduct.Flaw.MisalignedLoad] = "misaligned: read of 16 bytes of global memory",
        [FlawedProduct.Flaw.DivergingBarrier] = "diverging barrier",
    };

    public override int Run()
    {
        SimulatedRun[] runs = [.. Parallel(SimulatedCase.All, SimulatedRun.Of)];
        SimulatedRun[] flawed = [.. Parallel([.. Findings.Keys], SimulatedRun.Of)];
        SimulatedLaunch[] launches = [.. runs.SelectMany(run => run.Launches)];
        List<string> problems =
        [
            .. SimulatedCase.All.Zip(runs, (one, run) => run.Problems.Select(problem => $"{one.Name}: {problem}"))
                .SelectMany(lines => lines),
            .. SimulatedLaunch.Gaps(launches),
            .. Findings.Zip(flawed, (expected, run) => Unexpected(expected.Key, expected.Value, run)).OfType<string>(),
        ];
        Report(problems);
        if (problems.Count > 0)
            return 1;
        int kernels = launches.DistinctBy(launch => launch.Kernel).Count();
        Console.Out.WriteLine(
            $"{kernels} kernels, {launches.Length} launches in {runs.Length} networks: no race, nothing out of bounds, " +
            "misaligned or uninitialised, no diverging barrier, results agree with the SIMD executor; " +
            $"{Findings.Count - 1} planted errors were seen");
        return 0;
    }

    private static ParallelQuery<SimulatedRun> Parallel<T>(IReadOnlyList<T> what, Func<T, SimulatedRun> run) =>
        Partitioner.Create([.. what], loadBalance: true).AsParallel().AsOrdered().Select(run);

    /// <summary>A line where a flaw is not found, or something is where there is none; else null.</summary>
    private static string? Unexpected(FlawedProduct.Flaw flaw, string? expected, SimulatedRun run) =>
        (expected, run.Problems) switch
        {
            (null, []) => null,
            (null, _) => $"a copy of the product without a flaw is reported: {run.Problems[0]}",
            (_, []) => $"the flaw {flaw} was not seen, expected \"{expected}\"",
            _ when run.Problems[0].Contains(expected, StringComparison.Ordinal) => null,
            _ => $"the flaw {flaw} was seen as something else, expected \"{expected}\": {run.Problems[0]}",
        };
}

using System.Diagnostics;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Kernels;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Profiling;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Cli.Verification;

/// <summary>Checks a device, and takes the times of some models on it.</summary>
/// <param name="effort">How much is done.</param>
/// <param name="data">What times are taken on.</param>
/// <param name="cancellation">Ends it after the step that is under way.</param>
internal sealed class Verifier(Effort effort, Dataset data, CancellationToken cancellation)
{
    private const float LearningRate = 1e-3f;

    /// <summary>Whether a check ended before its end: then kernels may not have run, and that is no finding.</summary>
    private bool _wasCutShort;

    /// <summary>What is checked, in its order.</summary>
    private IEnumerable<(string Title, Func<VerifiedDevice, string> Check)> ChecksOf(VerifiedDevice device) =>
    [
        ("PyTorch's figures", device => PyTorchCheck.OfModels(device, cancellation)),
        ("PyTorch's optimizers", device => PyTorchCheck.OfOptimizers(device, cancellation)),
        ("the same bits twice", device => RepeatCheck.Of(device, cancellation)),
        // SIMD code is what kernels are compared with.
        .. device.RunsKernels ? ChecksOfKernels : [],
    ];

    private IEnumerable<(string Title, Func<VerifiedDevice, string> Check)> ChecksOfKernels =>
    [
        ("analyses", device => AnalysisCheck.Of(device, cancellation)),
        ("random networks", device => RandomNetworkCheck.Of(device, effort.RandomNetworks, cancellation)),
        ("learning curves", device => CurveCheck.Of(device, effort.CurveEpochs, cancellation)),
    ];

    /// <summary>Checks a device.</summary>
    /// <param name="device">The device.</param>
    /// <param name="verdict">What is found is added to it, step by step.</param>
    /// <param name="begin">Told what comes next.</param>
    /// <param name="end">Told how it ended.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Verify(VerifiedDevice device, DeviceVerdict verdict, Action<string> begin, Action<CheckResult> end)
    {
        void Add(CheckResult result)
        {
            verdict.Checks.Add(result);
            end(result);
        }

        foreach (var (title, check) in ChecksOf(device))
        {
            begin(title);
            Add(Result(title, () => check(device)));
        }
        if (device.RunsKernels && !_wasCutShort)
            Add(Result("every kernel", () => OfKernels(device)));
        Add(Result("speed", () => TakeTimes(device, verdict, begin)));
    }

    private static string OfKernels(VerifiedDevice device)
    {
        int all = KernelCatalogue.All.Count;
        IReadOnlyList<string> missing = device.KernelsThatDidNotRun, suspects = device.SuspectKernels;
        string[] problems =
        [
            .. missing.Count > 0 ? [$"{missing.Count} of {all} have not run: {string.Join(", ", missing)}"] : (string[])[],
            .. suspects.Count > 0
                ? [$"{suspects.Count} of {all} have run only where results are wrong: {string.Join(", ", suspects)}"]
                : (string[])[],
        ];
        return problems.Length == 0 ? $"{all} of {all} have run" : throw new Discrepancy(string.Join("; ", problems));
    }

    private CheckResult Result(string title, Func<string> check)
    {
        long begun = Stopwatch.GetTimestamp();
        double Seconds() => Stopwatch.GetElapsedTime(begun).TotalSeconds;
        cancellation.ThrowIfCancellationRequested();
        try
        {
            return new CheckResult(title, Passed: true, check(), Seconds());
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Whatever a driver does wrong is a finding, and what comes after it may still tell something.
            _wasCutShort |= error is not Discrepancy;
            string words = error is Discrepancy ? error.Message : Terminal.InWords(error);
            return new CheckResult(title, Passed: false, words, Seconds());
        }
    }

    private string TakeTimes(VerifiedDevice device, DeviceVerdict verdict, Action<string> begin)
    {
        begin("what the device can do");
        verdict.Peaks = DevicePeaks.Measure(device.Executors);
        foreach (string model in effort.TimedModels)
        {
            begin($"the speed of {model}");
            if (TimeOf(model, device) is { } profile)
                verdict.Timings.Add(new ModelTiming(model, profile));
            cancellation.ThrowIfCancellationRequested();
        }
        verdict.Peaks = verdict.Peaks.RaisedOver(
            [.. verdict.Timings.SelectMany(timing => timing.Profile.Work)], () => DevicePeaks.Measure(device.Executors));
        return string.Join(", ", verdict.Timings.Select(timing =>
            $"{timing.Model} {VerificationText.Milliseconds(timing.Profile.EpochSeconds)} an epoch"));
    }

    private EpochProfile? TimeOf(string model, VerifiedDevice device)
    {
        var plan = NetworkPlan.Compile(
            PaperModels.Resolve(model, data.Classes, OffsetL2Form.Paper), data.Train.PixelsPerImage, data.Classes);
        using IExecutor executor = device.Executors.Create(plan);
        executor.SetParameters(Initialisation.Draw(plan, seed: 0));
        using IDeviceSamples train = executor.Upload(data.TrainSamples(InputScaling.Raw));
        using IDeviceSamples test = executor.Upload(data.TestSamples(InputScaling.Raw));
        bool Epoch()
        {
            executor.TrainEpoch(train, LearningRate);
            executor.Evaluate(test);
            return true;
        }
        return Profiler.Measure(executor, Epoch, effort.TimedEpochs, warmUp: 2, cancellation: cancellation);
    }
}

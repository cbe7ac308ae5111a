using System.Globalization;
using CommandLine;
using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Profiling;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Cli.Verbs;

[Verb("profile", HelpText = "Train a few epochs with timers, and show where the time goes.")]
internal sealed class ProfileVerb : ComputeVerb
{
    private const int MostEpochs = 100_000_000;

    [Option("model", Default = "Abs-L2-Neg", MetaValue = "MODEL", HelpText = "A name from the paper, or layers.")]
    public string Model { get; set; } = "";

    [Option("input-scale", Default = InputScaling.Raw, HelpText = "What the network sees of a pixel.")]
    public InputScaling InputScale { get; set; }

    [Option("epochs", Default = 5, MetaValue = "N", HelpText = "Epochs with timers, in turns with as many without.")]
    public int Epochs { get; set; }

    [Option("seconds", MetaValue = "S",
        HelpText = "End after S seconds of these epochs, but not before two of either kind. Default: when all are done.")]
    public int? Seconds { get; set; }

    [Option("warm-up", Default = 2, MetaValue = "N", HelpText = "Epochs before these that are not counted.")]
    public int WarmUp { get; set; }

    [Option("lr", Default = 0.001f, MetaValue = "RATE", HelpText = "Learning rate.")]
    public float LearningRate { get; set; }

    [Option("optimizer", Default = "sgd", MetaValue = "OPTIMIZER", HelpText = "How parameters change with each step; see below.")]
    public string Optimizer { get; set; } = "";

    [Option("batch-size", Default = "full", MetaValue = "full|N",
        HelpText = "Samples per step; full means one step per epoch over all of them.")]
    public string BatchSize { get; set; } = "";

    [Option("peak-gflops", MetaValue = "X", HelpText =
        "What the device can do: fused multiply-adds in float32, each counted as two, in 10^9 per second. Default: measured.")]
    public float? PeakGflops { get; set; }

    [Option("peak-gbps", MetaValue = "X",
        HelpText = "What the device can do: bytes read and written, in 10^9 per second. Default: measured.")]
    public float? PeakGbps { get; set; }

    [Option("trace", MetaValue = "FILE", HelpText = "Write a trace for chrome://tracing or ui.perfetto.dev.")]
    public string? Trace { get; set; }

    [Option("json", HelpText = "Print JSON.")]
    public bool Json { get; set; }

    public override int Run()
    {
        TrainingOptions options = ReadOptions();
        PaperModels.Check(Model);
        CheckPeaks();
        if (Trace is not null)
            OutputFile.Check(new Setting("trace"), Trace);
        var (data, executors) = LoadDatasetAndOpenDevice(quiet: Json, profiling: true);
        using ComputeDevice opened = executors.Device;
        Dataset dataset = data.Dataset;
        options.Check(dataset.Train.Count);
        var plan = NetworkPlan.Compile(
            PaperModels.Resolve(Model, dataset.Classes, OffsetL2Form), dataset.Train.PixelsPerImage, dataset.Classes);
        using IExecutor executor = executors.Create(plan);
        using var trainer = new Trainer(
            executor, dataset.TrainSamples(InputScale), dataset.TestSamples(InputScale), options,
            new TrainingState(0, Initialisation.Draw(plan, seed: 0)));
        var display = new ProfileDisplay(plan, OffsetL2Form, data, executors, BatchSize.ToLowerInvariant());
        if (!Json)
            display.PrintHeading();

        EpochProfile? profile;
        DevicePeaks peaks;
        using (Interruption.Heed())
        {
            peaks = MeasurePeaks(executors, null);
            using IEnumerator<EpochRecord> records = trainer.Run().GetEnumerator();
            // The record of the untrained network comes first and is one more epoch to warm up.
            profile = Profiler.Measure(
                executor, records.MoveNext, Epochs, WarmUp + 1, Seconds ?? double.PositiveInfinity, Interruption.Token);
            if (profile is not null)
                peaks = RaiseOver(profile, MeasurePeaks(executors, peaks), executors);
        }
        if (profile is not null)
        {
            // A trace can go to a pipe that nobody reads; a signal ends that wait.
            if (Json)
                display.PrintJson(profile, peaks);
            else
                display.Print(profile, peaks, flopIsGiven: PeakGflops is not null, bytesAreGiven: PeakGbps is not null);
            WriteTrace(profile, plan, executors.Device);
        }
        return Conclude(profile, trainer);
    }

    private TrainingOptions ReadOptions()
    {
        if (Epochs is < 1 or > MostEpochs)
            throw new InputException($"--epochs {Epochs}: expected 1 to {MostEpochs}");
        if (Seconds is < 1)
            throw new InputException($"--seconds {Seconds}: expected a number of seconds above 0");
        if (WarmUp is < 0 or > MostEpochs)
            throw new InputException($"--warm-up {WarmUp}: expected 0 to {MostEpochs}");
        int batchSize = ValueCheck.BatchSize(BatchSize);
        var options = new TrainingOptions
        {
            Epochs = WarmUp + 2 * Epochs,
            LearningRate = LearningRate,
            Optimizer = Gpu.Optimizers.Optimizer.Parse(Optimizer),
            BatchSize = batchSize,
        };
        options.Check();
        return options;
    }

    private void CheckPeaks()
    {
        foreach (var (name, peak) in new[] { ("--peak-gflops", PeakGflops), ("--peak-gbps", PeakGbps) })
        {
            if (peak is { } value && (!float.IsFinite(value) || value <= 0))
            {
                throw new InputException(
                    string.Create(CultureInfo.InvariantCulture, $"{name} {value}: expected a finite number above 0"));
            }
        }
    }

    /// <summary>
    /// What the user says the device can do and, where he does not, the better of what was measured before and now.
    /// </summary>
    private DevicePeaks MeasurePeaks(ExecutorFactory executors, DevicePeaks? before)
    {
        DevicePeaks peaks = new(1e9 * PeakGflops ?? 0, 1e9 * PeakGbps ?? 0);
        if (PeakGflops is not null && PeakGbps is not null)
            return peaks;
        DevicePeaks measured = DevicePeaks.Measure(executors);
        if (before is not null)
            measured = measured.Best(before);
        return new DevicePeaks(
            PeakGflops is null ? measured.FlopPerSecond : peaks.FlopPerSecond,
            PeakGbps is null ? measured.BytesPerSecond : peaks.BytesPerSecond);
    }

    /// <summary>Nothing is faster than a peak: where a phase or kernel is, the peak is measured again.</summary>
    private DevicePeaks RaiseOver(EpochProfile profile, DevicePeaks peaks, ExecutorFactory executors)
    {
        // Peaks that the user gives are his.
        WorkTotal[] work = [.. profile.Work.Where(work => (peaks.IsBoundByBytes(work) ? PeakGbps : PeakGflops) is null)];
        if (peaks.AboveRoof(work) is not { } above)
            return peaks;
        DevicePeaks raised = peaks.RaisedOver(work, () => MeasurePeaks(executors, null));
        WorkTotal? still = raised.AboveRoof(work);
        double share = still is null ? peaks.Share(above)!.Value : raised.Share(still)!.Value;
        Terminal.Warn(
            $"{(still ?? above).Name} reached {100 * share:N0} % of the measured roof, so other programs disturbed the " +
                $"measurement of the peak; " +
            (still is null
                ? "it was measured again and is higher now"
                : "profile again when the machine is quieter, or say with --peak-gflops and --peak-gbps what the device can do"));
        return raised;
    }

    private void WriteTrace(EpochProfile profile, NetworkPlan plan, ComputeDevice device)
    {
        if (Trace is null)
            return;
        AtomicFile.Write(Trace, stream => TraceEvents.Write(
            stream, profile, plan.Network.ToString(), $"{device.Name} ({device.Selector})"));
        if (!Json)
            Terminal.Print($"The trace is in {Trace}; chrome://tracing and ui.perfetto.dev show it.");
        if (profile.Spans.Count < profile.SpanCount)
        {
            Terminal.Warn(
                $"{Trace} holds the first {profile.Spans.Count:N0} of {profile.SpanCount:N0} pieces of work; fewer --epochs " +
                $"give a whole trace");
        }
    }

    private int Conclude(EpochProfile? profile, Trainer trainer)
    {
        if (trainer.Divergence is { } divergence)
        {
            Terminal.Fail($"the training diverged: {divergence}; try a smaller --lr");
            return 1;
        }
        if (profile?.TimedEpochs == Epochs || profile is not null && !Interruption.Token.IsCancellationRequested)
            return 0;
        Terminal.Tell(profile is null
            ? "interrupted before the first epoch with timers had ended; there is nothing to show"
            : $"interrupted after {profile.TimedEpochs} of {Epochs} epochs with timers");
        return Interruption.ExitCode;
    }
}

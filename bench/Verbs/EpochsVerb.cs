using CommandLine;
using IlgpuDistance.Bench.Epochs;
using IlgpuDistance.Bench.Machine;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Bench.Verbs;

[Verb("epochs", isDefault: true, HelpText = "Time an epoch of the paper's protocol, of this program and of LibTorch in turns.")]
internal sealed class EpochsVerb : DataBenchVerb
{
    [Option("models", Separator = ',', HelpText = "Names from the paper.", Default = new[]
        { "ReLU", "Abs", "ReLU2", "ReLU2-Neg", "Abs2", "Abs2-Neg", "ReLU-L2", "ReLU-L2-Neg", "Abs-L2", "Abs-L2-Neg" })]
    public IEnumerable<string> Models { get; set; } = [];

    [Option("batch", Separator = ',', Default = new[] { "full", "256" }, HelpText = "Samples per step: full or a number.")]
    public IEnumerable<string> Batches { get; set; } = [];

    [Option("threads", Separator = ',', Default = new[] { 1, 2 }, HelpText = "Threads of either program.")]
    public IEnumerable<int> Threads { get; set; } = [];

    [Option("after", Separator = ',', Default = new[] { 0, 500 },
        HelpText = "Full-batch epochs that a network has been trained before; for others than 0 its first batch size and " +
            "number of threads alone.")]
    public IEnumerable<int> After { get; set; } = [];

    [Option("repeats", Default = 7, HelpText = "Timed turns of each program, of several epochs each.")]
    public int Repeats { get; set; }

    [Option("dense", HelpText = "Random samples without zeros instead of MNIST: 20,000 to train on, 3,333 to test on.")]
    public bool Dense { get; set; }

    private bool _agreed = true;

    public override int Run()
    {
        EpochCase[] cases =
        [
            .. from after in After
               from model in Models
               from batch in after == 0 ? Batches : Batches.Take(1)
               from threads in after == 0 ? Threads : Threads.Take(1)
               select EpochCase.Of(model, batch, threads, after),
        ];
        if (Repeats < 1)
            throw new InputException($"--repeats {Repeats}: expected 1 or more");
        // A misspelt name must not end the run at its last line.
        foreach (string model in Models)
            _ = PaperModels.Resolve(model, classes: 10);
        Workload workload = LoadWorkload();
        string? missing = TorchLibrary.TryLoad();
        Report.Line(missing ?? $"LibTorch {TorchLibrary.Version}");
        Dictionary<int, MachinePeaks> peaks = Threads.Distinct().ToDictionary(threads => threads, MachinePeaks.Measure);

        using TorchData? train = missing is null ? new TorchData(workload.Train) : null;
        using TorchData? test = missing is null ? new TorchData(workload.Test) : null;
        var results = new List<EpochResult>();
        foreach (EpochCase @case in cases)
        {
            Report.Note(@case.Options);
            results.Add(Measure(@case, workload, train, test));
        }
        foreach (int threads in peaks.Keys)
            peaks[threads] = peaks[threads].MeasuredAgain();
        MachinePeaks.Print(Report, peaks.Values);

        string dense = Dense ? " --dense" : "";
        Report.Line(
            FormattableString.Invariant($"Seconds per epoch, {workload.Train.Count:N0} samples trained on and ") +
            FormattableString.Invariant($"{workload.Test.Count:N0} tested: median (min–max) of {Repeats}."));
        Report.Table(
            2,
            [
                "Model", "Batch", "Threads", "After epochs", "Ours, s", "LibTorch, s", "LibTorch ÷ ours", "GFLOP/s useful",
                "GFLOP/s as if dense",
                "Of peak", "Options",
            ],
            [.. results.Select(result => Row(result, peaks[result.Case.Threads]))]);
        Report.Line($"Each line: dotnet run -c Release --project bench -- epochs{dense} --repeats {Repeats} OPTIONS");
        return _agreed ? 0 : 1;
    }

    private Workload LoadWorkload()
    {
        if (!Dense)
            return Workload.Of(LoadDataset());
        Report.Line("NOTE: not MNIST but random samples without zeros.");
        return Workload.Dense();
    }

    private EpochResult Measure(EpochCase @case, Workload workload, TorchData? train, TorchData? test)
    {
        NetworkPlan plan = workload.Plan(PaperModels.Resolve(@case.Model, workload.Classes));
        const float Rate = EpochCase.LearningRate;
        float[] parameters = SimdEpochs.Trained(plan, Initialisation.Draw(plan, seed: 0), workload, @case.After, Rate);
        using var ours = new SimdEpochs(plan, parameters, workload, @case.BatchSize, @case.Threads, Rate);
        using var theirs = train is null ? null : new TorchEpochs(plan, parameters, train, test!, @case, Rate);
        (Timings our, Timings? their) = Comparison.Run(ours, theirs, Repeats, out string? disagreement);
        if (disagreement is not null)
        {
            _agreed = false;
            Report.Line($"WRONG: {@case.Options}: the programs do not compute the same: {disagreement}");
        }
        return new EpochResult(@case, our, their, workload.UsefulFlop(plan), workload.DenseFlop(plan));
    }

    private static string[] Row(EpochResult result, MachinePeaks peak)
    {
        double seconds = result.Ours.Median, useful = result.UsefulFlops / seconds / 1e9;
        return
        [
            result.Case.Model, result.Case.Batch, Report.Number(result.Case.Threads, 0), Report.Number(result.Case.After, 0),
            Text(result.Ours), result.Theirs is null ? "" : Text(result.Theirs),
            Report.Number(result.Theirs?.Median / seconds, 2),
            Report.Number(useful, 0), Report.Number(result.DenseFlops / seconds / 1e9, 0),
            Report.Share(useful / peak.GigaflopsPerSecond), result.Case.Options,
        ];
    }

    private static string Text(Timings timings) =>
        $"{Report.Number(timings.Median, 4)} ({Report.Number(timings.Min, 4)}–{Report.Number(timings.Max, 4)})";
}

using System.Diagnostics;
using CommandLine;
using IlgpuDistance.Bench.Changes;
using IlgpuDistance.Bench.Epochs;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Bench.Verbs;

[Verb("compare", HelpText = "Say whether an epoch is faster than it was in an earlier build: one minute, both in turns.")]
internal sealed class CompareVerb : DataBenchVerb
{
    /// <summary>Processes of each build, even where they take longer than asked for; two would hardly tell anything.</summary>
    private const int FewestRounds = 3;

    /// <summary>Epochs of each case and build in a round.</summary>
    private const int Turns = 8;

    [Value(0, MetaName = "FOLDER", Required = true,
        HelpText = "An earlier build: dotnet publish -c Release bench -o FOLDER, before the change.")]
    public string Folder { get; set; } = "";

    [Option("models", Separator = ',', Default = new[] { "ReLU", "Abs-L2-Neg" }, HelpText = "Names from the paper.")]
    public IEnumerable<string> Models { get; set; } = [];

    [Option("batch", Separator = ',', Default = new[] { "full", "256" },
        HelpText = "Samples per step: full or a number; others than the first with the first model alone.")]
    public IEnumerable<string> Batches { get; set; } = [];

    [Option("threads", HelpText = "Threads of either build. Default: one per logical processor.")]
    public int? Threads { get; set; }

    [Option("seconds", Default = 60.0, HelpText = "How long to measure.")]
    public double Seconds { get; set; }

    public override int Run()
    {
        int threads = Threads ?? Math.Min(Environment.ProcessorCount, CpuDevices.MostThreads);
        Change[] changes =
        [
            .. Batches.SelectMany((batch, i) => (i == 0 ? Models : Models.Take(1)).Select(
                model => new Change(EpochCase.Of(model, batch, threads, after: 0)))),
        ];
        if (!(Seconds is >= 0 and <= 3600))
            throw new InputException($"--seconds {Seconds}: expected 0 to 3600");
        // A misspelt name must not end the run after the first build has started.
        foreach (string model in Models)
            _ = PaperModels.Resolve(model, classes: 10);
        _ = ServedBuild.ProgramIn(Folder);
        _ = LoadDataset();

        int rounds = 0;
        var watch = Stopwatch.StartNew();
        for (; rounds < FewestRounds || watch.Elapsed.TotalSeconds * (rounds + 1) / rounds <= Seconds; rounds++)
        {
            Report.Note($"round {rounds + 1}");
            Measure(changes);
        }
        Report.Line(
            $"This build and that in {Folder}, {threads} threads, in turns: {rounds} pairs of processes, " +
            $"{Turns} epochs of each case in each:");
        Report.Table(
            2, ["Case", "This build is", "Before, s", "Now, s"],
            [.. changes.Select(change => new[]
            {
                $"{change.Case.Model} {change.Case.Batch}", change.ToString(), Report.Number(change.Before.Median, 4),
                Report.Number(change.Now.Median, 4),
            })]);
        return 0;
    }

    /// <summary>Measures all cases with a new process of each build.</summary>
    private void Measure(Change[] changes)
    {
        // Which is first is drawn anew each time, so that nothing that favours the first or the second one favours a build.
        bool[] isOurs = InRandomOrder();
        using ServedBuild first = Start(isOurs[0]), second = Start(isOurs[1]);
        if (first.Data != second.Data)
            throw new InputException("the two builds find different data; name a folder with --data");
        ServedBuild before = isOurs[0] ? second : first, now = isOurs[0] ? first : second;
        foreach (Change change in changes)
        {
            first.Epoch(change.Case);
            second.Epoch(change.Case);
        }
        List<(double, double)>[] turns = [.. changes.Select(_ => new List<(double, double)>())];
        for (int turn = 0; turn < Turns; turn++)
        {
            for (int i = 0; i < changes.Length; i++)
            {
                double nowSeconds = 0, beforeSeconds = 0;
                foreach (bool ours in InRandomOrder())
                {
                    if (ours)
                        nowSeconds = now.Epoch(changes[i].Case);
                    else
                        beforeSeconds = before.Epoch(changes[i].Case);
                }
                turns[i].Add((beforeSeconds, nowSeconds));
            }
        }
        foreach (var (change, its) in changes.Zip(turns))
            change.Add(its);
    }

    private static bool[] InRandomOrder() => Random.Shared.Next(2) == 0 ? [false, true] : [true, false];

    private ServedBuild Start(bool ours)
    {
        string[] data = Data is null ? [] : ["--data", Data];
        // What is to be downloaded has been by now.
        return new ServedBuild(ours ? ServedBuild.FolderOfThis : Folder, [.. data, "--offline"]);
    }
}

using System.Diagnostics;
using CommandLine;
using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Analysis;
using IlgpuDistance.Training.Analysis.Sections;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Documents;
using IlgpuDistance.Training.Models;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Cli.Verbs;

/// <summary>The images that an analysis is to look at.</summary>
internal enum SplitChoice
{
    Train,
    Test,
    Both,
}

[Verb("analyze", HelpText = "Analyse what trained networks measure: distance or intensity.")]
internal sealed class AnalyzeVerb : ComputeVerb
{
    internal const string WhatOption = "what";

    [Value(0, MetaName = "PATH", Required = true,
        HelpText = "A model.safetensors, the folder of a run, that of an experiment, whose runs are put together, or a network " +
            "that comes along: zoo:Abs-L2-Neg.")]
    public string Path { get; set; } = "";

    [Option(WhatOption, Default = "all", MetaValue = "A,B,...", HelpText = "The analyses: all, or some of those below.")]
    public string What { get; set; } = "";

    [Option("split", Default = SplitChoice.Both,
        HelpText = "Which images. Distributions, prototypes and theory take the training images where both are given.")]
    public SplitChoice Split { get; set; }

    [Option("rare", Default = "0.01", MetaValue = "F,...", HelpText =
        "A node that is active for fewer than this part of the images is rarely active; several parts are counted each.")]
    public string Rare { get; set; } = "";

    [Option("range", Default = PerturbationRange.Layer,
        HelpText = "What the thresholds of perturbations span: the activations of the layer itself, or those of all " +
            "activation layers, as in the author's code.")]
    public PerturbationRange Range { get; set; }

    [Option("node", MetaValue = "N",
        HelpText = "The hidden node whose class distributions are shown. Default: the one that separates the classes best.")]
    public int? Node { get; set; }

    [Option("model", MetaValue = "MODEL",
        HelpText = "A name from the paper, or layers, for a file that does not say what it holds.")]
    public string? Model { get; set; }

    [Option("input-scale",
        HelpText = "What the network sees of a pixel. Default: what it saw in training if the file says so, else raw.")]
    public InputScaling? InputScale { get; set; }

    [Option("out", MetaValue = "FOLDER",
        HelpText = "Where analysis.json, analysis.md and figures go. Default: analysis beside the model or in the folder, " +
            "for zoo:NAME in this one.")]
    public string? Out { get; set; }

    public override bool SavesResults => true;

    public override int Run()
    {
        var options = new AnalysisOptions
        {
            What = AnalysisOptions.ParseWhat(What),
            Splits = Split switch
            {
                SplitChoice.Train => [Training.Data.Split.Train],
                SplitChoice.Test => [Training.Data.Split.Test],
                _ => [Training.Data.Split.Train, Training.Data.Split.Test],
            },
            Rare = AnalysisOptions.ParseRare(Rare),
            Range = Range,
            Node = Node,
        };
        if (Model is not null)
            PaperModels.Check(Model);
        AnalysisTarget target = AnalysisTarget.Find(Path);
        foreach (string problem in target.Problems)
            Terminal.Warn($"left out: {problem}");
        string folder = Out ?? AnalysisFolder.DefaultOf(target.Folder ?? throw new InputException(
            $"{Path}: is a pipe or a device, beside which nothing can be written; say with --out where the analysis goes"));
        using IDisposable held = FigureFiles.Prepare(folder, "analysis");

        TrainedData trained = target.TrainedOn(Path, isNamed: Model is not null);
        var (data, executors) = LoadDatasetAndOpenDevice(trained);
        using ComputeDevice opened = executors.Device;
        // What the analysis says of an experiment would be wrong on other images.
        if (target.Data is not null)
            trained.CheckSame(data.Dataset);
        Terminal.Print(data.Source);
        Terminal.Print($"{executors}");
        using IDisposable heeding = Interruption.Heed();
        var models = new List<ModelAnalysis>();
        bool isComplete = Analyze(target, options, data.Dataset, executors, models, Interruption.Token);
        if (models.Count == 0)
        {
            throw isComplete
                ? new InputException($"{Path}: no run could be analysed; nothing is written")
                : new OperationCanceledException("interrupted before any run was analysed; nothing is written");
        }
        if (!isComplete && AnalysisFolder.HasAnalysis(folder))
            throw new OperationCanceledException($"interrupted: {folder} keeps the analysis that it had");
        var found = new AnalysisRecord
        {
            What = options.What,
            Splits = options.Splits,
            Rare = options.Rare,
            Range = options.Range,
            Data = data.Dataset.Name,
            Md5 = data.Dataset.Files.ToDictionary(file => file.Name, file => file.Md5),
            Models = models,
        };
        var (record, removed) = AnalysisFolder.Merge(found, folder);
        AnalysisFolder.Write(record, AnalysisReport.Of(record), folder);
        foreach (string reason in removed)
            Terminal.Warn($"removed from {folder}: {reason}");
        if (AnalysisReport.GapOf(found) is { } gap)
            Terminal.Warn(gap);
        PrintSummary(found);
        Terminal.Print($"see {System.IO.Path.Combine(folder, "analysis.md")}");
        if (isComplete)
            return 0;
        Terminal.Tell($"interrupted: {folder} holds what was analysed until then; the same command analyses everything");
        return Interruption.ExitCode;
    }

    /// <summary>
    /// Analyses all models, and says whether it came to the end. A run of an experiment that cannot be analysed is left out.
    /// </summary>
    private bool Analyze(
        AnalysisTarget target, AnalysisOptions options, Dataset dataset, ExecutorFactory executors, List<ModelAnalysis> models,
        CancellationToken cancellation)
    {
        var analyzer = new Analyzer(options);
        foreach (AnalysisTarget.Model model in target.Models)
        {
            var runs = new List<RunAnalysis>();
            AnalysisSubject? subject = null;
            try
            {
                foreach (var (run, file) in model.Files)
                {
                    var clock = Stopwatch.StartNew();
                    try
                    {
                        subject = Load(subject, file, dataset, executors);
                        string? sha256 = target.Folder is null ? null : RunResults.Sha256Of(file);
                        RunAnalysis found = analyzer.Analyze(subject, run, withPrototypes: runs.Count == 0, cancellation);
                        runs.Add(found with { ModelSha256 = sha256 });
                        Terminal.Print($"{file}: analysed in {clock.Elapsed.TotalSeconds:0.0} s");
                    }
                    catch (InputException error) when (target.Data is not null)
                    {
                        Terminal.Warn($"left out: {file}: {error.Wording}");
                    }
                }
            }
            catch (OperationCanceledException)
            {
                return false;
            }
            finally
            {
                if (runs.Count > 0)
                {
                    NetworkPlan plan = subject!.Plan;
                    models.Add(new ModelAnalysis(model.NameOf(plan, OffsetL2Form), plan.Network.ToString(), runs));
                }
                subject?.Dispose();
            }
        }
        return true;
    }

    /// <summary>Loads a saved model into a subject with its network, or into a new one.</summary>
    private AnalysisSubject Load(AnalysisSubject? subject, string file, Dataset dataset, ExecutorFactory executors)
    {
        SavedModel saved = RunResults.LoadModel(file, Terminal.Warn);
        NetworkPlan plan = saved.PlanFor(dataset, Model, OffsetL2Form);
        float[] parameters = saved.ParametersFor(plan);
        if (subject is not null && plan.Network.ToString() != subject.Plan.Network.ToString())
            throw new InputException($"holds \"{plan.Network}\" where the experiment has \"{subject.Plan.Network}\"");
        subject ??= new AnalysisSubject(plan, executors.Create, dataset, saved.ScalingFor(dataset, InputScale));
        subject.Load(parameters);
        return subject;
    }

    private static void PrintSummary(AnalysisRecord record)
    {
        ReportTable summary = SummaryTable.ForTerminal(record);
        var table = new TextTable();
        foreach (var column in summary.Columns)
            _ = column.IsText ? table.AddWords(column.Heading, wraps: true) : table.AddNumbers(column.Heading);
        foreach (IReadOnlyList<string> row in summary.Rows)
            table.AddRow([.. row]);
        Terminal.Print(table);
        string runs = record.Models.Any(model => model.Runs.Count > 1) ? "means over runs" : "";
        string reading = string.Join("; ", new[] { summary.Caption, runs }.Where(text => text.Length > 0));
        foreach (string note in AnalysisReport.NotesOn(record).Prepend(reading).Where(note => note.Length > 0))
            Terminal.Print(note);
    }
}

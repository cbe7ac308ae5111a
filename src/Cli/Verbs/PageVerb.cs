using CommandLine;
using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Analysis;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Models;
using IlgpuDistance.Training.Page;
using IlgpuDistance.Training.Reports;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Cli.Verbs;

[Verb("page", HelpText = "Write a page on which one draws a digit and sees what trained networks measure of it.")]
internal sealed class PageVerb : ComputeVerb
{
    /// <summary>Networks of an experiment on a page, which then has some five megabytes.</summary>
    private const int MostOfAnExperiment = 10;

    [Value(0, MetaName = "PATH...", Required = true,
        HelpText = "The networks: model.safetensors, folders of runs, or of experiments, of which the first finished run of " +
            "each of the first ten models is taken, or those that come along: zoo:Abs-L2-Neg.")]
    public IEnumerable<string> Paths { get; set; } = [];

    [Option("out", Required = true, MetaValue = "FILE",
        HelpText = "The page: one file of HTML with everything in it, about half a megabyte for a network.")]
    public string Out { get; set; } = "";

    public override bool SavesResults => true;

    public override int Run()
    {
        var targets = Paths.Select(path => (Path: path, Target: AnalysisTarget.Find(path))).ToList();
        OutputFile.Check(new Setting("out"), Out, targets.SelectMany(named => named.Target.Inputs));
        foreach (string problem in targets.SelectMany(named => named.Target.Problems))
            Terminal.Warn($"left out: {problem}");
        foreach (var (path, target) in targets.Where(named => named.Target.Models.Count > MostOfAnExperiment))
        {
            Terminal.Warn($"left out: all but the first {MostOfAnExperiment} of the {target.Models.Count} models of {path}; " +
                "name the folders of runs to choose others");
        }

        TrainedData trained = targets[0].Target.TrainedOn(targets[0].Path, isNamed: false);
        var (data, executors) = LoadDatasetAndOpenDevice(trained);
        using ComputeDevice opened = executors.Device;
        Terminal.Print(data.Source);
        using IDisposable heeding = Interruption.Heed();
        WritePage([.. targets.SelectMany(named => named.Target.Models.Take(MostOfAnExperiment))], data.Dataset, executors,
            OffsetL2Form, Out, Terminal.Print, Interruption.Token);
        return 0;
    }

    /// <summary>
    /// Writes the page of an experiment's first models, to which its report links. Where that is not possible the user is told
    /// why: an experiment whose trainings took days must not fail for it.
    /// </summary>
    /// <param name="experiment">The experiment's folder.</param>
    /// <param name="dataset">The data of its first model.</param>
    /// <param name="executors">What runs the networks.</param>
    /// <param name="form">The form of OffsetL2 that goes without saying in names.</param>
    /// <param name="interrupted">Ends the measuring between two steps.</param>
    internal static void WritePageOf(
        string experiment, Dataset dataset, ExecutorFactory executors, OffsetL2Form form, CancellationToken interrupted)
    {
        string folder = ReportFolder.DefaultOf(experiment);
        try
        {
            AnalysisTarget target = AnalysisTarget.Find(experiment);
            OutputFolder.Create(folder);
            WritePage([.. target.Models.Take(MostOfAnExperiment)], dataset, executors, form, ReportFolder.PageIn(folder),
                _ => { }, interrupted);
        }
        catch (OperationCanceledException)
        {
            Terminal.Warn("interrupted: no page is written");
        }
        catch (Exception error) when (error is InputException or IOException)
        {
            Terminal.Warn($"no page on which one draws: {Terminal.InWords(error)}");
        }
    }

    /// <summary>Measures the first network of each model and writes the page.</summary>
    /// <param name="models">The models.</param>
    /// <param name="dataset">The data on which they are measured, and whose images are on the page.</param>
    /// <param name="executors">What runs them.</param>
    /// <param name="form">The form of OffsetL2 that goes without saying in names.</param>
    /// <param name="file">The page.</param>
    /// <param name="tell">Receives a line for each network, and one for the page.</param>
    /// <param name="interrupted">Ends the measuring between two steps.</param>
    /// <exception cref="InputException">A network cannot be read, or does not fit the data.</exception>
    /// <exception cref="IOException">The page cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The user interrupted.</exception>
    private static void WritePage(IReadOnlyList<AnalysisTarget.Model> models, Dataset dataset, ExecutorFactory executors,
        OffsetL2Form form, string file, Action<string> tell, CancellationToken interrupted)
    {
        var page = new DrawingPage(dataset);
        foreach (AnalysisTarget.Model model in models)
        {
            string network = model.Files[0].Path;
            SavedModel saved = RunResults.LoadModel(network, Terminal.Warn);
            NetworkPlan plan = saved.PlanFor(dataset);
            using var subject = new AnalysisSubject(plan, executors.Create, dataset, saved.ScalingFor(dataset));
            subject.Load(saved.ParametersFor(plan));
            page.Add(subject, model.NameOf(plan, form), interrupted);
            tell($"{network}: measured");
        }
        AtomicFile.WriteText(file, page.Write);
        tell($"{page.Count} network{(page.Count == 1 ? "" : "s")} on the page {file}; open it in a browser");
    }
}

using CommandLine;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Analysis;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Models;
using IlgpuDistance.Training.Page;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Cli.Verbs;

[Verb("page", HelpText = "Write a page on which one draws a digit and sees what trained networks measure of it.")]
internal sealed class PageVerb : ComputeVerb
{
    [Value(0, MetaName = "PATH...", Required = true,
        HelpText = "The networks: model.safetensors, folders of runs, or of experiments, of which the first finished run of " +
            "each model is taken, or those that come along: zoo:Abs-L2-Neg.")]
    public IEnumerable<string> Paths { get; set; } = [];

    [Option("out", Required = true, MetaValue = "FILE",
        HelpText = "The page: one file of HTML with everything in it, about half a megabyte for a network.")]
    public string Out { get; set; } = "";

    public override bool SavesResults => true;

    public override int Run()
    {
        OutputFile.Check(new Setting("out"), Out);
        var targets = Paths.Select(path => (Path: path, Target: AnalysisTarget.Find(path))).ToList();
        foreach (string problem in targets.SelectMany(named => named.Target.Problems))
            Terminal.Warn($"left out: {problem}");

        TrainedData trained = targets[0].Target.TrainedOn(targets[0].Path, isNamed: false);
        var (data, executors) = LoadDatasetAndOpenDevice(trained);
        using ComputeDevice opened = executors.Device;
        Terminal.Print(data.Source);
        using IDisposable heeding = Interruption.Heed();
        var page = new DrawingPage(data.Dataset);
        foreach (AnalysisTarget.Model model in targets.SelectMany(named => named.Target.Models))
        {
            string file = model.Files[0].Path;
            SavedModel saved = RunResults.LoadModel(file, Terminal.Warn);
            NetworkPlan plan = saved.PlanFor(data.Dataset);
            using var subject = new AnalysisSubject(plan, executors.Create, data.Dataset, saved.ScalingFor(data.Dataset));
            subject.Load(saved.ParametersFor(plan));
            page.Add(subject, model.NameOf(plan, OffsetL2Form), Interruption.Token);
            Terminal.Print($"{file}: measured");
        }
        AtomicFile.WriteText(Out, page.Write);
        Terminal.Print($"{page.Count} network{(page.Count == 1 ? "" : "s")} on the page {Out}; open it in a browser");
        return 0;
    }
}

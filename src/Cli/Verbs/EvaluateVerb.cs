using System.Text.Encodings.Web;
using System.Text.Json;
using CommandLine;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Models;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Cli.Verbs;

[Verb("evaluate", HelpText = "Evaluate a saved network: loss, accuracy per class, confusion matrix.")]
internal sealed class EvaluateVerb : ComputeVerb
{
    private static readonly JsonSerializerOptions JsonFormat = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [Value(0, MetaName = "FILE", Required = true,
        HelpText = "The model: a safetensors file from \"train\" or from PyTorch, the folder of a run, or one that comes " +
            "along: zoo:Abs-L2-Neg.")]
    public string File { get; set; } = "";

    [Option("model", MetaValue = "MODEL", HelpText = "A name from the paper, or layers. Default: what the file says.")]
    public string? Model { get; set; }

    [Option("split", Default = Split.Test, HelpText = "Which images.")]
    public Split Split { get; set; }

    [Option("input-scale",
        HelpText = "What the network sees of a pixel. Default: what it saw in training if the file says so, else raw.")]
    public InputScaling? InputScale { get; set; }

    [Option("logits", MetaValue = "FILE", HelpText = "Write the logits as CSV: index, label, one column per class.")]
    public string? LogitsPath { get; set; }

    [Option("json", HelpText = "Print JSON.")]
    public bool Json { get; set; }

    public override int Run()
    {
        string file = SavedModel.FileOf(File);
        if (LogitsPath is not null)
            OutputFile.Check(new Setting("logits"), LogitsPath, RunFiles.Around(file));
        SavedModel saved = RunResults.LoadModel(file, Terminal.Warn);
        if (Model is not null)
            PaperModels.Check(Model);
        var (data, executors) = LoadDatasetAndOpenDevice(TrainedData.Of(file, Model is null ? saved.Describe() : null));
        using ComputeDevice opened = executors.Device;
        NetworkPlan plan = saved.PlanFor(data.Dataset, Model, OffsetL2Form);
        float[] parameters = saved.ParametersFor(plan);
        ImageSet images = Split == Split.Train ? data.Dataset.Train : data.Dataset.Test;
        Samples samples = images.ToSamples(saved.ScalingFor(data.Dataset, InputScale));

        using IExecutor executor = executors.Create(plan);
        executor.SetParameters(parameters);
        var (evaluation, logits) = Evaluation.Of(executor, samples);
        if (!double.IsFinite(evaluation.Loss))
        {
            throw new InputException(FormattableString.Invariant(
                $"{File}: the loss on the {Lower(Split)} images is {evaluation.Loss}: outputs are too large for float32; ") +
                "give the --input-scale of the training, or another model");
        }
        if (ConstantOutputs.InWords(ConstantOutputs.Find(logits, plan.Classes), plan.Classes, Split) is { } defect)
            Terminal.Warn(defect);
        if (LogitsPath is not null)
            LogitsFile.Write(LogitsPath, logits, samples.Labels);

        if (Json)
            PrintJson(plan, data, evaluation);
        else
            PrintText(plan, data, evaluation);
        if (LogitsPath is not null && !Json)
            Terminal.Print($"the logits are in {LogitsPath}");
        return 0;
    }

    private void PrintText(NetworkPlan plan, ResolvedDataset data, Evaluation evaluation)
    {
        Terminal.Print($"{File}: {PaperModels.TitleOf(plan.Network, plan.Classes, OffsetL2Form)}");
        Terminal.Print(data.Source);
        Terminal.Print(
            $"{Lower(Split)} {evaluation.Accuracy:0.00} %  loss {LossText.Of(evaluation.Loss)}  {evaluation.Correct:N0} of " +
                $"{evaluation.Count:N0} images");

        TextTable table = new TextTable(padding: 0)
            .AddNumbers(["class", "images", "accuracy", .. Enumerable.Range(0, evaluation.Classes).Select(c => $"as {c}")]);
        for (int actual = 0; actual < evaluation.Classes; actual++)
        {
            string accuracy = evaluation.AccuracyOf(actual) is { } percent ? $"{percent:0.00} %" : "-";
            table.AddRow([
                $"{actual}", $"{evaluation.CountOf(actual):N0}", accuracy,
                .. Enumerable.Range(0, evaluation.Classes).Select(predicted => $"{evaluation.Confusion(actual, predicted)}")]);
        }
        Terminal.Print(table);
    }

    private void PrintJson(NetworkPlan plan, ResolvedDataset data, Evaluation evaluation) =>
        Terminal.PrintData(JsonSerializer.Serialize(new
        {
            File,
            Model = plan.Network.ToString(),
            Data = data.Dataset.Name,
            Split = Lower(Split),
            evaluation.Count,
            evaluation.Correct,
            evaluation.Accuracy,
            evaluation.Loss,
            Classes = Enumerable.Range(0, evaluation.Classes).Select(actual => new
            {
                Class = actual,
                Count = evaluation.CountOf(actual),
                Accuracy = evaluation.AccuracyOf(actual),
                Predicted = Enumerable.Range(0, evaluation.Classes).Select(predicted => evaluation.Confusion(actual, predicted)),
            }),
        }, JsonFormat));
}

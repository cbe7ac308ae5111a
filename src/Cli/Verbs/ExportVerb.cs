using CommandLine;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Export;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Models;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Cli.Verbs;

[Verb("export", HelpText = "Write a saved network for other programs: ONNX, or a folder for PyTorch.")]
internal sealed class ExportVerb : Verb
{
    /// <summary>What a network can be exported to.</summary>
    public enum Target
    {
        /// <summary>A file for ONNX's runtimes.</summary>
        Onnx,

        /// <summary>A folder with a Python module.</summary>
        PyTorch,
    }

    [Value(0, MetaName = "FILE", Required = true,
        HelpText = "The model: a safetensors file from \"train\", the folder of a run, or one that comes along: zoo:Abs-L2-Neg.")]
    public string File { get; set; } = "";

    [Option("to", Required = true,
        HelpText = "onnx: one file, from the bytes of pixels as float32 to logits, any number of samples at once. pytorch: a " +
            "folder with model.safetensors and model.py, which has the layers, load() and train().")]
    public Target To { get; set; }

    [Option("out", Required = true, MetaValue = "PATH", HelpText = "The file, or the folder, that is written.")]
    public string Out { get; set; } = "";

    [Option("force", HelpText = "Replace model.safetensors and model.py that are in the folder for PyTorch already.")]
    public bool Force { get; set; }

    public override bool SavesResults => true;

    public override int Run()
    {
        string file = SavedModel.FileOf(File);
        if (To == Target.Onnx)
            OutputFile.Check(new Setting("out"), Out, RunFiles.Around(file));
        else
            CheckFolder(file);
        SavedModel saved = RunResults.LoadModel(file, Terminal.Warn);
        ModelDescription description = saved.Describe() ?? throw new InputException(
            $"{file}: does not say which network it holds; export a model that this program has saved");
        NetworkPlan plan = saved.Compile();
        float[] parameters = saved.ParametersFor(plan);
        if (To == Target.Onnx)
            OnnxModel.Save(Out, plan, parameters, description);
        else
            PyTorchFolder.Save(Out, plan, parameters, description);
        Terminal.Print($"{description.Model}, {plan.Inputs} inputs and {plan.Classes} classes, is in {Out}");
        return 0;
    }

    private void CheckFolder(string model)
    {
        OutputFolder.Check(Out);
        foreach (string file in PyTorchFolder.FilesIn(Out))
        {
            OutputFile.CheckIsNone(new Setting("out"), file, RunFiles.Around(model));
            if (!Force && System.IO.File.Exists(file))
            {
                throw new InputException(
                    $"{Out}: holds {Path.GetFileName(file)} already; name another folder with --out, or replace it with --force");
            }
        }
    }
}

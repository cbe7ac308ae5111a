using System.Globalization;
using System.Text;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Training.Export;

/// <summary>
/// A network as a folder for PyTorch: <c>model.safetensors</c>, and <c>model.py</c> with its layers as modules, a function that
/// loads it and one that trains it by the paper's protocol. Nothing but PyTorch is needed.
/// </summary>
public static class PyTorchFolder
{
    private const string ModelName = "model.safetensors", ModuleName = "model.py";

    /// <summary>Writes the files, each atomically; others of these names are replaced.</summary>
    /// <param name="folder">The folder, which is created if need be.</param>
    /// <param name="plan">The network.</param>
    /// <param name="parameters">[<see cref="NetworkPlan.ParameterCount"/>] in the host layout.</param>
    /// <param name="description">What the file says about itself, and the scaling of the input.</param>
    /// <exception cref="ArgumentException">The number of parameters is another.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static void Save(string folder, NetworkPlan plan, ReadOnlyMemory<float> parameters, ModelDescription description)
    {
        Directory.CreateDirectory(folder);
        SavedModel.Save(Path.Combine(folder, ModelName), plan, parameters, description);
        AtomicFile.WriteText(Path.Combine(folder, ModuleName), writer => writer.Write(ModuleOf(plan, description)));
    }

    /// <summary>The files that are written.</summary>
    internal static IEnumerable<string> FilesIn(string folder) =>
        [Path.Combine(folder, ModelName), Path.Combine(folder, ModuleName)];

    /// <summary>The text of the module.</summary>
    internal static string ModuleOf(NetworkPlan plan, ModelDescription description)
    {
        using var template = new StreamReader(typeof(PyTorchFolder).Assembly.GetManifestResourceStream(ModuleName)!);
        var text = new StringBuilder(template.ReadToEnd());
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)[
            ("network", description.Model), ("dataset", InDocString(description.DataSet)), ("inputs", $"{plan.Inputs}"),
            ("scale", Number(description.Scale)), ("shift", Number(description.Shift)),
            ("layers", string.Join('\n', plan.Layers.Select(layer => $"        {CallOf(layer)},")))])
        {
            text.Replace($"{{{name}}}", value);
        }
        return text.ToString();
    }

    /// <summary>What makes the module of a layer.</summary>
    private static string CallOf(PlannedLayer planned) => planned.Layer switch
    {
        Linear { Bias: true } => $"nn.Linear({planned.Inputs}, {planned.Outputs})",
        Linear => $"nn.Linear({planned.Inputs}, {planned.Outputs}, bias=False)",
        Abs => "Abs()",
        ReLU => "nn.ReLU()",
        Neg => "Neg()",
        OffsetL2 { Form: OffsetL2Form.Paper } => $"OffsetL2({planned.Inputs}, {planned.Outputs})",
        OffsetL2 { Form: OffsetL2Form.Reference } => $"OffsetL2({planned.Inputs}, {planned.Outputs}, form=\"reference\")",
        OffsetL1 => $"OffsetL1({planned.Inputs}, {planned.Outputs})",
        PointSlope => $"PointSlope({planned.Inputs}, {planned.Outputs})",
        var other => throw new NotSupportedException($"no module for {other}"),
    };

    /// <summary>A number as Python reads it, with all digits of float32.</summary>
    private static string Number(float value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A name of others, which must not end the text in which it stands.</summary>
    private static string InDocString(string text) =>
        string.Concat(text.Where(symbol => symbol is not ('"' or '\\') && !char.IsControl(symbol)));
}

using System.Reflection;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Training.Export;

/// <summary>
/// A network as an ONNX model: <c>input</c>, [batch, inputs], is what the data holds (bytes of pixels as float32), whose scaling
/// is part of the model; <c>logits</c> is [batch, classes]. Tensors have their names in safetensors files, and each layer's last
/// node the layer's index and kind, e.g. <c>2.offset-l2</c>.
/// </summary>
public static class OnnxModel
{
    /// <summary>
    /// The version of the operators: the first in which those used here have the form that they still have, and which all
    /// runtimes of the last years read.
    /// </summary>
    private const int Opset = 13;

    /// <summary>The version of the file format that belongs to it.</summary>
    private const int FormatVersion = 7;

    /// <summary>Writes a file, atomically.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="plan">The network.</param>
    /// <param name="parameters">[<see cref="NetworkPlan.ParameterCount"/>] in the host layout.</param>
    /// <param name="description">What the file says about itself, and the scaling of the input.</param>
    /// <exception cref="ArgumentException">The number of parameters is another.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(string path, NetworkPlan plan, ReadOnlyMemory<float> parameters, ModelDescription description)
    {
        SavedModel.CheckCount(plan, parameters);
        var graph = new OnnxGraph();
        string value = Scale(graph, "input", description.Scale, description.Shift);
        foreach (PlannedLayer layer in plan.Layers)
        {
            foreach (ParameterTensor tensor in layer.Tensors)
                graph.Store(tensor.Name, tensor.Shape, parameters.Span.Slice(tensor.Offset, tensor.Count));
            value = layer.Layer.Accept(new Nodes(graph, layer, value));
        }
        string logits = graph.Add("logits", "Identity", [value]);

        ProtoMessage model = new ProtoMessage()
            .Whole(1, FormatVersion)
            .Text(2, "ilgpu-distance")
            .Text(3, typeof(OnnxModel).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion)
            .Text(6, $"{description.Model}, trained on {description.DataSet}")
            .Message(7, graph.ToMessage(description.Model, ("input", plan.Inputs), (logits, plan.Classes)))
            .Message(8, new ProtoMessage().Text(1, "").Whole(2, Opset))
            .Messages(14, description.ToMetadata().Select(pair => new ProtoMessage().Text(1, pair.Key).Text(2, pair.Value)));
        AtomicFile.Write(path, stream => stream.Write(model.Written));
    }

    /// <summary>scale · value + shift</summary>
    private static string Scale(OnnxGraph graph, string input, float scale, float shift)
    {
        string scaled = scale == 1
            ? input
            : graph.Add("scaled", "Mul", [input, graph.Store("scale", [], [scale])]);
        return shift == 0 ? scaled : graph.Add("shifted", "Add", [scaled, graph.Store("shift", [], [shift])]);
    }

    /// <summary>Adds the nodes of a layer, and returns the name of its output.</summary>
    private sealed class Nodes(OnnxGraph graph, PlannedLayer layer, string input) : ILayerVisitor<string>
    {
        private string Text => layer.Layer.ToString();

        private string Name => $"{layer.Index}.{Text.Split('(')[0]}";

        public string Linear() => graph.Add(
            Name, "Gemm", [input, .. layer.Tensors.Select(tensor => tensor.Name)], ("transB", 1), Text);

        public string Elementwise<TOperation>() where TOperation : struct, IElementwise => graph.Add(
            TOperation.Forward<ExpressionArithmetic, Expression>(new Expression.Value(input)), Name, Name, Text);

        // x as [batch, 1, inputs] meets points and weights of [outputs, inputs].
        public string Prototypes<TKind>() where TKind : struct, IPrototypeKind
        {
            var prototypes = (PrototypeLayer)layer.Layer;
            Expression Of(ParameterRole role) => new Expression.Value(layer.Find(role)!.Name);

            string row = graph.Add($"{Name}.Unsqueeze", "Unsqueeze", [input, graph.StoreAxes($"{Name}.outputs", 1)]);
            string difference = graph.Add(
                $"{Name}.difference", "Sub", [row, layer.Find(prototypes.PointRole)!.Name]);
            Expression terms = TKind.AddTerm<ExpressionArithmetic, Expression>(
                ExpressionArithmetic.Zero, TKind.Weight<ExpressionArithmetic, Expression>(Of(prototypes.WeightRole)),
                new Expression.Value(difference));
            string sum = graph.Add(
                TKind.OutputIsSum ? Name : $"{Name}.sum", "ReduceSum",
                [graph.Add(terms, $"{Name}.terms", Name), graph.StoreAxes($"{Name}.inputs", 2)], ("keepdims", 0),
                TKind.OutputIsSum ? Text : "");
            return graph.Add(
                TKind.Output<ExpressionArithmetic, Expression>(new Expression.Value(sum)), Name, Name, Text);
        }
    }
}

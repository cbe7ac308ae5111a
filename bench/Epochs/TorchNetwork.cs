using IlgpuDistance.Gpu.Networks;
using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace IlgpuDistance.Bench.Epochs;

/// <summary>A plan in LibTorch's operations.</summary>
internal sealed class TorchNetwork : IDisposable
{
    private readonly NetworkPlan _plan;
    private readonly Dictionary<string, torch.Tensor> _tensors = [];

    /// <param name="plan">The network.</param>
    /// <param name="parameters">[<see cref="NetworkPlan.ParameterCount"/>] in the host layout, which is PyTorch's.</param>
    public TorchNetwork(NetworkPlan plan, ReadOnlySpan<float> parameters)
    {
        _plan = plan;
        foreach (ParameterTensor tensor in plan.Tensors)
        {
            float[] values = parameters.Slice(tensor.Offset, tensor.Count).ToArray();
            long[] shape = [.. tensor.Shape.Select(n => (long)n)];
            _tensors.Add(tensor.Name, torch.tensor(values, shape, requires_grad: true));
        }
    }

    /// <summary>All parameters, in the order of the plan.</summary>
    public IReadOnlyList<torch.Tensor> Parameters => [.. _plan.Tensors.Select(tensor => _tensors[tensor.Name])];

    /// <summary>The logits: [samples, classes].</summary>
    /// <param name="x">[samples, inputs]</param>
    public torch.Tensor Forward(torch.Tensor x)
    {
        foreach (PlannedLayer layer in _plan.Layers)
            x = Forward(layer, x);
        return x;
    }

    private torch.Tensor Forward(PlannedLayer layer, torch.Tensor x) => layer.Layer switch
    {
        Linear => linear(x, Get(layer, ParameterRole.Weight)!, Get(layer, ParameterRole.Bias)!),
        Abs => x.abs(),
        ReLU => x.relu(),
        Neg => x.neg(),
        OffsetL2 offset => Distances(x, Get(layer, ParameterRole.Mu)!, Get(layer, ParameterRole.Alpha)!, offset.Form),
        OffsetL1 => AbsoluteDistances(x, Get(layer, ParameterRole.Mu)!, Get(layer, ParameterRole.Alpha)!),
        PointSlope => Slopes(x, Get(layer, ParameterRole.Weight)!, Get(layer, ParameterRole.Offset)!),
        _ => throw new NotSupportedException($"no LibTorch operations for {layer.Layer}"),
    };

    /// <summary>
    /// Σ a (x − μ)² with the square expanded into two matrix products, as the paper's author does: less accurate than the
    /// direct sum, but far faster in LibTorch, which would write the differences [samples, outputs, inputs] to memory.
    /// </summary>
    private static torch.Tensor Distances(torch.Tensor x, torch.Tensor mu, torch.Tensor alpha, OffsetL2Form form)
    {
        torch.Tensor a = form == OffsetL2Form.Paper ? alpha.square() : alpha, weighted = mu * a;
        torch.Tensor squares = linear(x.square(), a, (mu * weighted).sum(1));
        return torch.addmm(squares, x, weighted.t(), beta: 1, alpha: -2).clamp(min: OffsetL2.SmallestSquaredDistance).sqrt();
    }

    /// <summary>
    /// Σ |α| |x − μ|, with the differences [samples, outputs, inputs] in memory: there is no product to make of it.
    /// </summary>
    private static torch.Tensor AbsoluteDistances(torch.Tensor x, torch.Tensor mu, torch.Tensor alpha) =>
        (alpha.abs() * (x.unsqueeze(1) - mu).abs()).sum(2);

    /// <summary>Σ w (x − c) as a product with a bias.</summary>
    private static torch.Tensor Slopes(torch.Tensor x, torch.Tensor weight, torch.Tensor offset) =>
        linear(x, weight, -(weight * offset).sum(1));

    private torch.Tensor? Get(PlannedLayer layer, ParameterRole role) =>
        layer.Find(role) is { } tensor ? _tensors[tensor.Name] : null;

    public void Dispose()
    {
        foreach (torch.Tensor tensor in _tensors.Values)
            tensor.Dispose();
    }
}

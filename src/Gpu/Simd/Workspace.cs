using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>One worker's memory for a block: its input, every layer's output, and two gradients that take turns.</summary>
internal sealed unsafe class Workspace : IDisposable
{
    private readonly AlignedBuffer<float> _buffer;
    private readonly nint[] _outputs;
    private readonly nint _gradients, _gradientLength, _firstSums;

    public Workspace(NetworkPlan plan)
    {
        nint place = (nint)Block.Size * plan.Layers[0].InputStride;
        _outputs = new nint[plan.Layers.Count];
        foreach (PlannedLayer layer in plan.Layers)
        {
            _outputs[layer.Index] = place;
            place += (nint)Block.Size * layer.OutputStride;
        }
        _gradients = place;
        _gradientLength = (nint)Block.Size * plan.Layers.Max(layer => layer.OutputStride);
        _firstSums = place + 2 * _gradientLength;
        _buffer = new AlignedBuffer<float>((nuint)FloatsFor(plan));
    }

    /// <summary>The size of a workspace.</summary>
    public static long FloatsFor(NetworkPlan plan) => plan.Layers[0].OutputStride + Block.Size * (
        plan.Layers[0].InputStride + plan.Layers.Sum(layer => (long)layer.OutputStride) +
        2L * plan.Layers.Max(layer => layer.OutputStride));

    /// <summary>The network's input where it is dense: [block, stride of the input].</summary>
    public float* Input => _buffer.Pointer;

    /// <summary>For sums of the gradient of the first layer's output: [stride of the output].</summary>
    public float* FirstSums => _buffer.Pointer + _firstSums;

    /// <summary>A layer's input.</summary>
    public float* InputOf(int layer) => layer == 0 ? Input : OutputOf(layer - 1);

    /// <summary>A layer's output.</summary>
    public float* OutputOf(int layer) => _buffer.Pointer + _outputs[layer];

    /// <summary>The gradient of a layer's output; shares its memory with those of the layers two before and behind.</summary>
    public float* OutputGradientOf(int layer) => _buffer.Pointer + _gradients + (layer & 1) * _gradientLength;

    public void Dispose() => _buffer.Dispose();
}

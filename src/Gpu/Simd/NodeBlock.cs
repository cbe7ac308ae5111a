using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// What <see cref="NodeClamps{TKind, TSimd, TVector}"/> reads of a block of samples, with the samples side by side:
/// every row has <see cref="Block.Size"/> floats. One worker's memory, filled anew for each block.
/// </summary>
internal sealed unsafe class NodeBlock : IDisposable
{
    private readonly NodeResponse _response;
    private readonly AlignedBuffer<float> _buffer;

    public NodeBlock(NodeResponse response)
    {
        _response = response;
        _buffer = new AlignedBuffer<float>((nuint)((response.Layer.Outputs + 3) * Block.Size));
    }

    /// <summary>Number of samples.</summary>
    public int Rows { get; private set; }

    /// <summary>v of <see cref="NodeResponse"/>: [outputs, samples]</summary>
    public float* Sums => _buffer.Pointer + 3 * Block.Size;

    /// <summary>The classes, and behind the last sample −1: [samples]</summary>
    public float* Labels => _buffer.Pointer;

    /// <summary>The predictions where nothing is clamped: [samples]</summary>
    public float* Predictions => _buffer.Pointer + Block.Size;

    /// <summary>Room for one node's activations: [samples]</summary>
    public float* Column => _buffer.Pointer + 2 * Block.Size;

    /// <summary>Fills all but <see cref="Column"/>.</summary>
    /// <param name="rows">Number of samples.</param>
    /// <param name="labels">Their classes.</param>
    /// <param name="logits">[rows, stride]</param>
    /// <param name="classes">Number of classes.</param>
    public void SetPredictions(int rows, byte* labels, float* logits, int classes)
    {
        Rows = rows;
        new Span<float>(Labels, Block.Size).Fill(-1);
        int stride = NetworkPlan.Padded(classes);
        for (int r = 0; r < rows; r++, logits += stride)
        {
            Labels[r] = labels[r];
            int largest = 0;
            for (int j = 1; j < classes; j++)
                largest = logits[j] > logits[largest] ? j : largest;
            Predictions[r] = largest;
        }
    }

    /// <summary>Fills <see cref="Sums"/>.</summary>
    /// <param name="sums">[rows, stride of the outputs]</param>
    public void SetSums(float* sums)
    {
        for (int o = 0; o < _response.Layer.Outputs; o++)
            Gather(sums + o, _response.Layer.OutputStride, Sums + o * Block.Size);
    }

    /// <summary>Fills <see cref="Column"/>.</summary>
    /// <param name="activations">The node's activation of the first sample.</param>
    /// <param name="stride">Floats from one sample's to the next.</param>
    public void SetColumn(float* activations, int stride) => Gather(activations, stride, Column);

    private void Gather(float* source, int stride, float* target)
    {
        for (int r = 0; r < Rows; r++, source += stride)
            target[r] = *source;
    }

    public void Dispose() => _buffer.Dispose();
}

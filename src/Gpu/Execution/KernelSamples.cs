using ILGPU;
using ILGPU.Runtime;
using IlgpuDistance.Gpu.Kernels;

namespace IlgpuDistance.Gpu.Execution;

/// <summary>Samples in the memory of an accelerator, as they are: bytes stay bytes.</summary>
internal sealed class KernelSamples : IDeviceSamples
{
    private readonly Samples _source;
    private readonly MemoryBuffer1D<byte, Stride1D.Dense>? _bytes;
    private readonly MemoryBuffer1D<float, Stride1D.Dense>? _floats;
    private readonly MemoryBuffer1D<byte, Stride1D.Dense> _labels;

    public KernelSamples(Accelerator accelerator, Samples source, int batchSize)
    {
        _source = source;
        BatchSize = Math.Min(batchSize, source.Count);
        _labels = Allocate(accelerator, source.Labels);
        if (source.IsBytes)
            _bytes = Allocate(accelerator, source.Bytes);
        else
            _floats = Allocate(accelerator, source.Floats);
    }

    public int Count => _source.Count;

    public int BatchSize { get; }

    public int BatchCount => (Count + BatchSize - 1) / BatchSize;

    /// <summary>Classes of consecutive samples.</summary>
    public ArrayView<byte> Labels(int first, int rows) => _labels.View.SubView(first, rows);

    /// <summary>Consecutive samples.</summary>
    public SampleRows Rows(int first, int rows)
    {
        long start = (long)first * _source.Width, length = (long)rows * _source.Width;
        return new SampleRows(
            _bytes is null ? ArrayView<byte>.Empty : _bytes.View.SubView(start, length),
            _floats is null ? ArrayView<float>.Empty : _floats.View.SubView(start, length),
            _source.Scale, _source.Shift);
    }

    public void Dispose()
    {
        _bytes?.Dispose();
        _floats?.Dispose();
        _labels.Dispose();
    }

    private static MemoryBuffer1D<T, Stride1D.Dense> Allocate<T>(Accelerator accelerator, ReadOnlyMemory<T> values) where T : unmanaged
    {
        MemoryBuffer1D<T, Stride1D.Dense> buffer = accelerator.Allocate1D<T>(values.Length);
        buffer.View.CopyFromCPU(accelerator.DefaultStream, values.Span);
        accelerator.Synchronize();
        return buffer;
    }
}

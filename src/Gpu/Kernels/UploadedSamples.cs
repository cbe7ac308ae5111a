using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Executors;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>
/// Samples in the memory of an accelerator, as they are: bytes stay bytes. Rows are padded to whole depths of the kernels'
/// tiles, and four values are loaded as one.
/// </summary>
internal sealed class UploadedSamples : DeviceSamples
{
    private readonly int _stride;
    private readonly MemoryBuffer1D<uint, Stride1D.Dense>? _bytes;
    private readonly MemoryBuffer1D<Float4, Stride1D.Dense>? _floats;
    private readonly MemoryBuffer1D<byte, Stride1D.Dense> _labels;

    public UploadedSamples(ExecutorContract owner, Accelerator accelerator, Samples source, int batchSize) : base(
        owner, source, batchSize)
    {
        _stride = Tiles.RoundUp(source.Width);
        _labels = Allocate<byte, byte>(accelerator, source.Labels.Span, width: 1, stride: 1);
        if (source.IsBytes)
            _bytes = Allocate<byte, uint>(accelerator, source.Bytes.Span, source.Width, _stride);
        else
            _floats = Allocate<float, Float4>(accelerator, source.Floats.Span, source.Width, _stride);
    }

    /// <summary>Classes of consecutive samples.</summary>
    public ArrayView<byte> Labels(int first, int rows) => _labels.View.SubView(first, rows);

    /// <summary>Number of samples of each class.</summary>
    public int[] CountByClass(int classes)
    {
        int[] counts = new int[classes];
        foreach (byte label in Source.Labels.Span)
            counts[label]++;
        return counts;
    }

    /// <summary>Consecutive samples as the input of the first layer, with the elementwise layers before it.</summary>
    public LayerInput Rows(int first, int rows, Activation activation)
    {
        int stride4 = _stride / 4;
        long start = (long)first * stride4, length = (long)rows * stride4;
        return new LayerInput(
            new(_floats is null ? ArrayView<Float4>.Empty : _floats.View.SubView(start, length), stride4, rows, Source.Scale,
                Source.Shift, activation),
            new(_bytes is null ? ArrayView<uint>.Empty : _bytes.View.SubView(start, length), stride4, rows, Source.Scale,
                Source.Shift, activation),
            Source.IsBytes);
    }

    /// <summary>The input of the network for all samples, which is still in host memory too: [samples, width].</summary>
    public void ReadValues(Span<float> values)
    {
        for (int n = 0; n < values.Length; n++)
            values[n] = Source.Scale * (Source.IsBytes ? Source.Bytes.Span[n] : Source.Floats.Span[n]) + Source.Shift;
    }

    protected override void Free()
    {
        _bytes?.Dispose();
        _floats?.Dispose();
        _labels.Dispose();
    }

    /// <summary>Copies rows of a width to rows of a stride, whose padding is zero.</summary>
    private static MemoryBuffer1D<TTo, Stride1D.Dense> Allocate<TFrom, TTo>(
        Accelerator accelerator, ReadOnlySpan<TFrom> values, int width, int stride)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        ReadOnlySpan<TFrom> padded = values;
        if (stride > width)
        {
            int rows = values.Length / width;
            TFrom[] copy = new TFrom[(long)rows * stride];
            for (int row = 0; row < rows; row++)
                values.Slice(row * width, width).CopyTo(copy.AsSpan(row * stride));
            padded = copy;
        }
        ReadOnlySpan<TTo> packed = MemoryMarshal.Cast<TFrom, TTo>(padded);
        MemoryBuffer1D<TTo, Stride1D.Dense> buffer = accelerator.Take<TTo>(packed.Length);
        buffer.View.CopyFromCPU(accelerator.DefaultStream, packed);
        accelerator.Synchronize();
        return buffer;
    }
}

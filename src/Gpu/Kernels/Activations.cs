using ILGPU;
using ILGPU.Runtime;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>
/// A layer's outputs for all samples in the memory of an accelerator: [samples, stride of the layer's outputs] in the order of
/// upload, padding zero. Kernels give sums of slices of the samples, which the host adds up.
/// </summary>
internal sealed class Activations : DeviceResult, IDeviceActivations
{
    private readonly UploadedSamples _samples;
    private readonly Clamps _clamps;
    private readonly KernelQueue _queue;
    private readonly int _classes;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _values;

    /// <summary>Activations that are still to be set.</summary>
    /// <param name="executor">Computes them; must outlive this.</param>
    /// <param name="samples">Of which samples; must outlive this.</param>
    /// <param name="layer">Of which layer.</param>
    /// <param name="tail">What comes behind it.</param>
    public Activations(KernelExecutor executor, UploadedSamples samples, PlannedLayer layer, StageTail tail)
        : base(samples, "activations")
    {
        _samples = samples;
        _queue = executor.Queue;
        _classes = executor.Plan.Classes;
        _clamps = new Clamps(executor, samples, this, tail);
        Layer = layer;
        _values = _queue.Accelerator.Take<float>((long)Count * Stride);
    }

    public PlannedLayer Layer { get; }

    public int Width => Layer.Outputs;

    /// <summary>Floats from one sample to the next.</summary>
    public int Stride => Layer.OutputStride;

    /// <summary>Activations of consecutive samples: [rows, <see cref="Stride"/>].</summary>
    public ArrayView<float> Rows(int first, int rows) => _values.View.SubView((long)first * Stride, (long)rows * Stride);

    /// <summary>Sets those of some samples from what a stage stored for them and the elementwise layers behind it.</summary>
    public void SetRows(int first, int rows, ArrayView<float> stored, Activation activation) => ClampKernels.Launch(
        _queue, stored, Rows(first, rows), activation, new Clamp(float.NegativeInfinity, float.PositiveInfinity), rows, Stride,
        Width);

    /// <summary>Sets all.</summary>
    /// <param name="values">[samples, <see cref="Width"/>]</param>
    public void SetValues(ReadOnlySpan<float> values)
    {
        float[] padded = new float[(long)Count * Stride];
        for (int s = 0; s < Count; s++)
            values.Slice(s * Width, Width).CopyTo(padded.AsSpan(s * Stride));
        _values.CopyFromCPU(padded);
    }

    public ActivationSums Sum(float threshold, ReadOnlySpan<float> centers = default)
    {
        CheckAlive();
        ActivationArguments.CheckSum(threshold, centers, _classes, Width);
        int groups = _classes * Tiles.Groups(Width);
        var slices = SampleSlices.Of(Count, groups);
        using MemoryBuffer1D<float, Stride1D.Dense>? center = centers.IsEmpty ? null : _queue.Accelerator.Take(centers.ToArray());
        using MemoryBuffer1D<PartialSums, Stride1D.Dense> sums =
            _queue.Accelerator.Take<PartialSums>((long)slices.Count * _classes * Width);
        _queue.Launch(
            ActivationSumKernels.Sum, groups, slices.Count,
            new(
                _values.View, _samples.Labels(0, Count), center?.View ?? ArrayView<float>.Empty, sums.View, threshold,
                slices.Rows, Stride,
                _classes, Width),
            new WorkShape(Count, Width, _classes, slices.Count));
        return Add(sums.GetAsArray1D());
    }

    private ActivationSums Add(PartialSums[] partials)
    {
        int length = _classes * Width;
        var sums = ActivationSums.Empty(_samples.CountByClass(_classes), Width);
        for (int n = 0; n < partials.Length; n++)
        {
            PartialSums partial = partials[n];
            int at = n % length;
            sums.Active[at] += partial.Active;
            sums.Smallest[at] = MathF.Min(sums.Smallest[at], partial.Smallest);
            sums.Largest[at] = MathF.Max(sums.Largest[at], partial.Largest);
            sums.Sums[at] += partial.Sum;
            sums.SquareSums[at] += partial.SquareSum;
        }
        return sums;
    }

    public int[] Histogram(int node, float lowest, float highest, int bins)
    {
        CheckAlive();
        ActivationArguments.CheckHistogram(node, Width, lowest, highest, bins);
        int length = checked(_classes * bins), groups = Tiles.Groups(length);
        var slices = SampleSlices.Of(Count, groups);
        using MemoryBuffer1D<int, Stride1D.Dense> counts = _queue.Accelerator.Take<int>((long)slices.Count * length);
        _queue.Launch(
            HistogramKernels.Histogram, groups, slices.Count,
            new(
                _values.View.SubView(node, _values.Length - node), _samples.Labels(0, Count), counts.View, lowest, highest,
                bins / (highest - lowest), slices.Rows, Stride,
                _classes, bins),
            new WorkShape(Count, bins, _classes, slices.Count));
        int[] partials = counts.GetAsArray1D(), histogram = new int[length];
        for (int n = 0; n < partials.Length; n++)
            histogram[n % length] += partials[n];
        return histogram;
    }

    public IDeviceRanks Rank()
    {
        CheckAlive();
        return new Ranks(_queue, _samples, _values.View, Stride, Width, _classes);
    }

    public int[] CountCorrect(ReadOnlySpan<Clamp> clamps)
    {
        CheckAlive();
        _samples.Source.CheckLabels();
        ActivationArguments.CheckClamps(clamps, Width);
        return _clamps.CountCorrect(clamps.ToArray());
    }

    protected override void Free() => _values.Dispose();
}

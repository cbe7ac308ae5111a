using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Optimizers;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>
/// What the kernels need on the device for batches of one size: what the layers store for the rows of a chunk, partial sums of
/// the metrics and, for training, gradients of what is stored and slices of the parameters' gradients.
/// </summary>
internal sealed class Workspace : IDisposable
{
    /// <summary>Rows of a chunk, at most.</summary>
    public const int LargestChunk = 1 << 16;

    private readonly MemoryBuffer1D<float, Stride1D.Dense>[] _outputs, _gradients;
    private readonly MemoryBuffer1D<Float4, Stride1D.Dense> _sums;
    private readonly MemoryBuffer1D<PartialMetrics, Stride1D.Dense> _metrics;
    private readonly MemoryBuffer1D<SlicedRange, Stride1D.Dense> _ranges;
    private readonly SlicedRange[] _slicedLayers;
    private readonly int[] _sliceRows;

    private Workspace(FusedLayer[] stages, Accelerator accelerator, RateFactors? factors, int batchRows, int rows)
    {
        BatchRows = batchRows;
        Rows = rows;
        bool trains = factors is not null;
        (_slicedLayers, _sliceRows) = trains ? Slice(stages, rows, Budget(accelerator) / 4) : ([], []);
        var allocated = new List<IDisposable>();
        MemoryBuffer1D<T, Stride1D.Dense> Allocate<T>(long length) where T : unmanaged
        {
            MemoryBuffer1D<T, Stride1D.Dense> buffer = accelerator.Take<T>(length);
            allocated.Add(buffer);
            buffer.MemSetToZero();
            return buffer;
        }

        try
        {
            _outputs = [.. stages.Select(stage => Allocate<float>((long)rows * stage.Planned.OutputStride))];
            _gradients = !trains ? [] : [.. stages.Select(stage => Allocate<float>((long)rows * stage.Planned.OutputStride))];
            _sums = Allocate<Float4>(_slicedLayers.Sum(layer => (long)layer.Count * layer.Stride4));
            SlicedRange[] ranges = factors is null
                ? []
                : [.. stages.SelectMany((stage, i) => WithFactors(_slicedLayers[i], stage, factors))];
            _ranges = Allocate<SlicedRange>(ranges.Length);
            if (trains)
                _ranges.CopyFromCPU(ranges);
            _metrics = Allocate<PartialMetrics>(SoftmaxCrossEntropyKernels.Groups(rows));
        }
        catch
        {
            allocated.ForEach(buffer => buffer.Dispose());
            throw;
        }
    }

    /// <summary>Rows of the batches that it was made for.</summary>
    public int BatchRows { get; }

    /// <summary>Rows of a chunk.</summary>
    public int Rows { get; }

    /// <summary>Where the slices of all parameters are, in the order of these.</summary>
    public ArrayView<SlicedRange> Ranges => _ranges.View;

    /// <summary>Mean number of slices of a parameter, which is the work of adding them up.</summary>
    public long MeanSlices => _sums.Length / Math.Max(1, _slicedLayers.Sum(layer => (long)layer.Stride4));

    /// <summary>The sums over samples of all slices.</summary>
    public ArrayView<Float4> Sums => _sums.View;

    /// <summary>
    /// Makes a workspace for batches of the given rows. A chunk is the whole batch where half of the device's free memory
    /// holds it, at most 65,536 rows; else the largest power of two that it holds, so that a little more or less of free
    /// memory does not change the order of the sums.
    /// </summary>
    /// <param name="stages">The network.</param>
    /// <param name="accelerator">The device.</param>
    /// <param name="factors">Factors of the learning rate; null where it is for evaluation alone.</param>
    /// <param name="batchRows">Samples in a batch.</param>
    /// <param name="largestChunk">Rows of a chunk, at most.</param>
    public static Workspace Create(
        FusedLayer[] stages, Accelerator accelerator, RateFactors? factors, int batchRows, int largestChunk = LargestChunk)
    {
        long bytesPerRow = 2 * sizeof(float) * stages.Sum(stage => (long)stage.Planned.OutputStride);
        int rows = Math.Min(batchRows, largestChunk);
        int widest = stages.Max(stage => stage.Planned.OutputStride);
        // Kernels number the values of a chunk by 32 bits.
        while (rows > Tiles.GroupSize && (rows * bytesPerRow > Budget(accelerator) || (long)rows * widest > int.MaxValue))
            rows = Smaller(rows);
        while (true)
        {
            try
            {
                return new Workspace(stages, accelerator, factors, batchRows, rows);
            }
            catch (Exception error) when (error is AcceleratorException or MemoryException && rows > Tiles.GroupSize)
            {
                rows = Smaller(rows);
            }
        }
    }

    /// <summary>
    /// What a network takes of a device at the least: parameters, their gradients and one slice of these, and outputs with
    /// their gradients for the smallest chunk.
    /// </summary>
    public static long LeastBytes(NetworkPlan plan)
    {
        long floatsPerRow = 2 * plan.Layers.Where(layer => layer.HasParameters).Sum(layer => (long)layer.OutputStride);
        return sizeof(float) * (3L * plan.DeviceParameterCount + Tiles.GroupSize * floatsPerRow);
    }

    /// <summary>What a stage stores: [rows, stride].</summary>
    public ArrayView<float> OutputOf(int stage) => _outputs[stage].View;

    /// <summary>The gradient of what a stage stores: [rows, stride].</summary>
    public ArrayView<float> GradientOf(int stage) => _gradients[stage].View;

    /// <summary>The slices of a stage, for the first or a further chunk of a batch.</summary>
    public GradientSlices Slices(int stage, bool isFirst)
    {
        SlicedRange layer = _slicedLayers[stage];
        return new GradientSlices(
            _sums.View.SubView(layer.Base4, (long)layer.Count * layer.Stride4), layer.Stride4, layer.First4, _sliceRows[stage],
            isFirst ? 0 : 1);
    }

    /// <summary>The partial sums of the metrics.</summary>
    public ArrayView<PartialMetrics> Metrics => _metrics.View;

    /// <summary>Begins a pass.</summary>
    public void ClearMetrics() => _metrics.MemSetToZero();

    /// <summary>Ends a pass; waits for the device.</summary>
    public PassMetrics ReadMetrics(int count)
    {
        double lossSum = 0;
        int correct = 0;
        foreach (PartialMetrics partial in _metrics.GetAsArray1D())
        {
            lossSum += (double)partial.Loss + partial.Rounding;
            correct += partial.Correct;
        }
        return new PassMetrics(lossSum, correct, count);
    }

    public void Dispose()
    {
        foreach (MemoryBuffer1D<float, Stride1D.Dense> buffer in _outputs.Concat(_gradients))
            buffer.Dispose();
        _sums.Dispose();
        _ranges.Dispose();
        _metrics.Dispose();
    }

    /// <summary>
    /// Divides the rows of a chunk for each layer, as far as the memory allows.
    /// </summary>
    private static (SlicedRange[] Layers, int[] SliceRows) Slice(FusedLayer[] stages, int rows, long budgetBytes)
    {
        var layers = new SlicedRange[stages.Length];
        int[] sliceRows = new int[stages.Length];
        long used = 0;
        for (int i = 0; i < stages.Length; i++)
        {
            LayerKernels kernels = stages[i].Kernels;
            int wanted = SampleSlices.WantedCount(rows, kernels.GradientTiles);
            long affordable = Math.Max(1, budgetBytes / stages.Length / (4 * sizeof(float) * (long)kernels.Length4));
            sliceRows[i] = Tiles.RoundUp(SampleSlices.Divide(rows, (int)Math.Min(wanted, affordable)));
            layers[i] = new SlicedRange(
                used, kernels.First4, kernels.Length4, SampleSlices.Divide(rows, sliceRows[i]), Factor: 1);
            used += (long)layers[i].Count * layers[i].Stride4;
        }
        return (layers, sliceRows);
    }

    /// <summary>The tensors of a layer, those together that have the same factor of the learning rate.</summary>
    private static IEnumerable<SlicedRange> WithFactors(SlicedRange layer, FusedLayer stage, RateFactors factors) =>
        factors.RangesOf(stage.Planned.Tensors).Select(range => layer with
        {
            Base4 = layer.Base4 + range.First / 4 - layer.First4,
            First4 = range.First / 4,
            Factor = range.Factor,
        });

    private static int Smaller(int rows) => (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)rows) / 2;

    /// <summary>Half of the memory that is free or, where a device does not tell, a quarter of what it has.</summary>
    private static long Budget(Accelerator accelerator) =>
        accelerator is CudaAccelerator cuda ? cuda.GetFreeMemory() / 2 : accelerator.MemorySize / 4;
}

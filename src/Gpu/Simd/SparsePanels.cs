using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Optimizers;
using IlgpuDistance.Gpu.Vectors;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// The first layer in training, where it is Linear on bytes that are mostly zero: forward as <see cref="SparseLinearBody{TSimd,
/// TVector}"/>, backward dW = (scale · v)ᵀ dy + shift · Σ_s dy_s (the same row for every input), db = Σ_s dy_s.
/// </summary>
/// <remarks>
/// All workers treat a <see cref="Chunk"/> together, each its own <i>panels</i>, columns of y, of W and of its gradient: these
/// stay in the caches of one core from step to step, and only y and dy travel from core to core. What workers write lies panel
/// by panel: where the columns of two workers alternate, each core's prefetching takes from the other what that has just written.
/// </remarks>
internal sealed unsafe class SparsePanels<TSimd, TVector> : IDisposable
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>The most columns of a panel; wider rows are a multiple of it.</summary>
    private const int WidestPanel = 64;

    private readonly PlannedLayer _layer;
    private readonly ParameterTensor _weightTensor;
    private readonly ParameterTensor? _biasTensor;
    private readonly float* _parameters;
    private readonly int _stride, _width, _panels, _paddedInputs;

    // W, and behind it the optimizer's values of state: [1 + values, panels, inputs, width], the inputs padded to a multiple
    // of 4.
    private readonly nint _weightCount;
    private AlignedBuffer<float>? _weight;

    // The gradient of W where batches have several chunks: [panels, inputs, width]
    private AlignedBuffer<float>? _weightGradient;

    // y and dy of a chunk: [panels, samples, width]
    private readonly AlignedBuffer<float> _output, _outputGradient;

    /// <param name="layer">The first layer of a plan, Linear.</param>
    /// <param name="parameters">All parameters in the device layout.</param>
    public SparsePanels(PlannedLayer layer, float* parameters)
    {
        _layer = layer;
        _parameters = parameters;
        _weightTensor = layer.Find(ParameterRole.Weight)!;
        _biasTensor = layer.Find(ParameterRole.Bias);
        _stride = layer.OutputStride;
        _width = Math.Min(_stride, WidestPanel);
        _panels = _stride / _width;
        _paddedInputs = NetworkPlan.RoundUp(layer.Inputs, 4);
        _weightCount = (nint)_paddedInputs * _stride;
        _output = new AlignedBuffer<float>(Chunk.Size * (nuint)_stride);
        _outputGradient = new AlignedBuffer<float>(Chunk.Size * (nuint)_stride);
    }

    /// <summary>Takes memory, unless there is enough.</summary>
    /// <param name="stateCount">The optimizer's values of state for a parameter.</param>
    /// <param name="severalChunks">Whether some batch has more than one chunk.</param>
    public void Require(int stateCount, bool severalChunks)
    {
        AlignedBuffer<float>.Grow(ref _weight, (nuint)(1 + stateCount) * (nuint)_weightCount);
        if (severalChunks)
            AlignedBuffer<float>.Grow(ref _weightGradient, (nuint)_weightCount);
    }

    /// <summary>One part of taking W and its state from where they are in the device layout.</summary>
    public void Load(in StepTask task, int stateCount, int part, int parts) =>
        Exchange(task, stateCount, part, parts, isLoading: true);

    /// <summary>One part of giving them back.</summary>
    public void Save(in StepTask task, int stateCount, int part, int parts) =>
        Exchange(task, stateCount, part, parts, isLoading: false);

    private void Exchange(in StepTask task, int stateCount, int part, int parts, bool isLoading)
    {
        var walk = new PanelWalk(_panels, _layer.Inputs, part, parts);
        while (walk.Next(out int panel, out int first, out int end))
        {
            for (int value = 0; value <= stateCount; value++)
            {
                float* inTensor = InTensor(ValuesOf(task, value), panel, first);
                float* inPanel = WeightAt(panel, first) + value * _weightCount;
                if (isLoading)
                    Rows<TSimd, TVector>.Copy(inTensor, _stride, inPanel, _width, end - first, _width);
                else
                    Rows<TSimd, TVector>.Copy(inPanel, _width, inTensor, _stride, end - first, _width);
            }
        }
    }

    /// <summary>One part of y of a chunk.</summary>
    public void Forward(in Chunk chunk, int part, int parts)
    {
        float* start = stackalloc float[WidestPanel];
        var walk = new PanelWalk(_panels, chunk.PaddedRows / 4, part, parts);
        while (walk.Next(out int panel, out int first, out int end))
        {
            float* weight = WeightAt(panel, 0), y = _output.Pointer + PlaceOf(panel, 4 * first);
            float* bias = _biasTensor is null ? null : _parameters + _biasTensor.DeviceOffset + panel * _width;
            Rows<TSimd, TVector>.Fill(start, 1, _width, bias);
            if (chunk.Samples.Shift != 0)
                Rows<TSimd, TVector>.AddScaledSum(weight, _layer.Inputs, _width, chunk.Samples.Shift, _width, start);
            for (int quad = first; quad < end; quad++, y += 4 * _width)
            {
                Rows<TSimd, TVector>.Fill(y, 4, _width, start);
                SparseProduct<TSimd, TVector>.Accumulate(
                    chunk.Samples.Sparse!.SampleQuad(chunk.Index, quad), chunk.Samples.Values, weight, _width,
                    y, y + _width, y + 2 * _width, y + 3 * _width, _width);
            }
        }
    }

    /// <summary>Copies rows of y.</summary>
    /// <param name="firstRow">The first row, counted from the chunk's first sample.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="y">[rows, stride]</param>
    public void LoadOutput(int firstRow, int rows, float* y)
    {
        for (int panel = 0; panel < _panels; panel++)
        {
            Rows<TSimd, TVector>.Copy(
                _output.Pointer + PlaceOf(panel, firstRow), _width, y + panel * _width, _stride, rows, _width);
        }
    }

    /// <summary>Takes rows of dy.</summary>
    /// <param name="firstRow">The first row, counted from the chunk's first sample.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="dy">[rows, stride]</param>
    public void SaveOutputGradient(int firstRow, int rows, float* dy)
    {
        for (int panel = 0; panel < _panels; panel++)
        {
            Rows<TSimd, TVector>.Copy(
                dy + panel * _width, _stride, _outputGradient.Pointer + PlaceOf(panel, firstRow), _width, rows, _width);
        }
    }

    /// <summary>
    /// One part of the gradients of a chunk. They are added to those of the batch's chunks before it, and behind the last one
    /// complete and stepped, four rows at a time that have not left L1.
    /// </summary>
    /// <param name="chunk">The samples.</param>
    /// <param name="sums">The worker's memory for Σ_s dy_s, from one chunk of the batch to the next: [stride]</param>
    /// <param name="task">The step.</param>
    /// <param name="rule">How to step; null where nobody steps.</param>
    /// <param name="part">Which part.</param>
    /// <param name="parts">Number of parts.</param>
    public void Backward<TRule>(in Chunk chunk, float* sums, in StepTask task, TRule? rule, int part, int parts)
        where TRule : struct, IStepRule
    {
        var walk = new PanelWalk(_panels, _paddedInputs / 4, part, parts);
        while (walk.Next(out int panel, out int first, out int end))
        {
            float* panelSums = sums + panel * _width;
            bool hasBias = _biasTensor is not null && first == 0;
            if (hasBias || chunk.Samples.Shift != 0)
            {
                if (chunk.BeginsBatch)
                    Rows<TSimd, TVector>.Fill(panelSums, 1, _width, null);
                Rows<TSimd, TVector>.AddSum(
                    _outputGradient.Pointer + PlaceOf(panel, 0), chunk.Rows, _width, _width, panelSums);
            }
            WeightGradient(chunk, panel, first, end, panelSums, task, rule);
            if (hasBias && chunk.EndsBatch)
            {
                int place = _biasTensor!.DeviceOffset + panel * _width;
                if (task.Gradients != null)
                    Rows<TSimd, TVector>.Fill(task.Gradients + place, 1, _width, panelSums);
                if (rule is { } known)
                {
                    StepBody<TSimd, TVector>.Step(
                        known, task.RateOf(place), _width, task.Parameters + place, panelSums, task.State + place, task.Count);
                }
            }
        }
    }

    private void WeightGradient<TRule>(
        in Chunk chunk, int panel, int firstQuad, int endQuad, float* sums, in StepTask task, TRule? rule)
        where TRule : struct, IStepRule
    {
        float* tile = stackalloc float[4 * WidestPanel];
        float* dy = _outputGradient.Pointer + PlaceOf(panel, 0);
        float shift = chunk.Samples.Shift, rate = task.RateOf(_weightTensor.DeviceOffset);
        bool begins = chunk.BeginsBatch, ends = chunk.EndsBatch;
        for (int quad = firstQuad; quad < endQuad; quad++)
        {
            float* weight = WeightAt(panel, 4 * quad);
            float* gradient = begins && ends ? tile : _weightGradient!.Pointer + (nint)(weight - _weight!.Pointer);
            if (begins)
                Rows<TSimd, TVector>.Fill(gradient, 4, _width, null);
            SparseProduct<TSimd, TVector>.Accumulate(
                chunk.Samples.Sparse!.PixelQuad(chunk.Index, quad), chunk.Samples.Values, dy, _width,
                gradient, gradient + _width, gradient + 2 * _width, gradient + 3 * _width, _width);
            if (!ends)
                continue;
            // Rows behind the last input belong to nobody.
            int rows = Math.Min(4, _layer.Inputs - 4 * quad);
            for (int row = 0; shift != 0 && row < rows; row++)
                Rows<TSimd, TVector>.AddScaled(sums, shift, gradient + row * _width, _width);
            if (task.Gradients != null)
                Rows<TSimd, TVector>.Copy(gradient, _width, InTensor(task.Gradients, panel, 4 * quad), _stride, rows, _width);
            if (rule is { } known)
                StepBody<TSimd, TVector>.Step(known, rate, 4 * _width, weight, gradient, weight + _weightCount, _weightCount);
        }
    }

    /// <summary>The parameters, or the optimizer's values of state for them.</summary>
    private static float* ValuesOf(in StepTask task, int value) =>
        value == 0 ? task.Parameters : task.State + (value - 1) * task.Count;

    private float* WeightAt(int panel, int input) =>
        _weight!.Pointer + ((nint)panel * _paddedInputs + input) * _width;

    /// <summary>Where a buffer in the device layout has what <see cref="WeightAt"/> has here.</summary>
    private float* InTensor(float* buffer, int panel, int input) =>
        buffer + _weightTensor.DeviceOffset + (nint)input * _stride + panel * _width;

    private nint PlaceOf(int panel, int row) => ((nint)panel * Chunk.Size + row) * _width;

    public void Dispose()
    {
        _weight?.Dispose();
        _weightGradient?.Dispose();
        _output.Dispose();
        _outputGradient.Dispose();
    }
}

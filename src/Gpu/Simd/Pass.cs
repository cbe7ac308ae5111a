using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Optimizers;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// A pass over samples as all workers walk it together. The samples of a batch are divided into <i>portions</i> of consecutive
/// blocks, by the size of the batch alone; workers take portions as they come. Each portion sums its own gradient, and these are
/// added in the order of the portions: the result does not depend on who computed what.
/// </summary>
internal sealed unsafe class Pass : IDisposable
{
    private const int LargestPortionCount = 32;
    private const int SmallestPortionBlocks = 1;
    private const long LargestPortionMemoryFloats = 64 << 20;

    private readonly PlanBodies _program;
    private readonly Workers _workers;
    private readonly Workspace[] _workspaces;
    private readonly Action<int> _work;
    private readonly AlignedBuffer<float> _gradients;
    private readonly double[] _portionLoss = new double[LargestPortionCount];
    private readonly int[] _portionCorrect = new int[LargestPortionCount];
    private readonly int _portionLimit;
    private AlignedBuffer<float>? _portionGradients;

    // What the pass is about; set before the workers start.
    private BlockedSamples _samples = null!;
    private int[] _batches = [];
    private float[] _learningRates = [];
    private Stepping? _stepping;
    private float* _state;
    private RateFactors? _factors;
    private RateRange[] _ranges = [];
    private int _lastLayer;
    private float* _target;
    private int _output;

    private int _nextPortion;
    private double _lossSum;
    private int _correct, _count;

    /// <param name="program">The plan's bodies.</param>
    /// <param name="workers">The threads.</param>
    /// <param name="workspaces">The memory of each worker.</param>
    public Pass(PlanBodies program, Workers workers, Workspace[] workspaces)
    {
        _program = program;
        _workers = workers;
        _workspaces = workspaces;
        _work = Work;
        _gradients = new AlignedBuffer<float>((nuint)program.Plan.DeviceParameterCount);
        _portionLimit = (int)Math.Clamp(LargestPortionMemoryFloats / program.GradientCount, 1, LargestPortionCount);
    }

    /// <summary>The gradient of the batch that was trained last, in the device layout.</summary>
    public ReadOnlySpan<float> Gradients => _gradients.Span;

    /// <summary>Times the phases; null where nobody looks.</summary>
    public IPhaseObserver? Observer { get; set; }

    /// <summary>Trains on the given batches.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="learningRates">The learning rate of each batch, or one for all.</param>
    /// <param name="stepping">How to step.</param>
    /// <param name="state">The optimizer's state.</param>
    /// <param name="batchOrder">Batches to visit; empty means all in their own order.</param>
    public PassMetrics Train(
        BlockedSamples samples, ReadOnlySpan<float> learningRates, ReadOnlySpan<int> batchOrder, Stepping stepping, float* state)
    {
        SetBatches(samples, batchOrder);
        for (int n = 0; n < _batches.Length; n++)
            _learningRates[n] = learningRates[Math.Min(n, learningRates.Length - 1)];
        _stepping = stepping;
        _state = state;
        if (_factors != stepping.Factors)
            (_factors, _ranges) = (stepping.Factors, [.. stepping.Factors.RangesOf(_program.Plan.Tensors)]);
        PassMetrics metrics = Run(Mode.Train, samples, LastLayer);
        stepping.Steps += _batches.Length;
        return metrics;
    }

    /// <summary>The same for one batch without a step.</summary>
    public PassMetrics Differentiate(BlockedSamples samples, int batch)
    {
        SetBatches(samples, [batch]);
        return Run(Mode.Differentiate, samples, LastLayer);
    }

    /// <summary>
    /// Forward up to one layer and back from one of its outputs to the input: [samples, inputs], in the order of the source.
    /// </summary>
    public void ReadInputGradients(BlockedSamples samples, int layer, int output, float* target)
    {
        RequirePortions(Portions(samples.BlockStarts.Length - 1));
        _target = target;
        _output = output;
        Run(Mode.ReadInputGradients, samples, layer);
    }

    /// <summary>Forward pass over all samples.</summary>
    public PassMetrics Evaluate(BlockedSamples samples) => Run(Mode.Evaluate, samples, LastLayer);

    /// <summary>Forward pass up to one layer that copies its output: [samples, outputs], in the order of the source.</summary>
    public void Read(BlockedSamples samples, int layer, float* target)
    {
        _target = target;
        Run(Mode.Read, samples, layer);
    }

    /// <summary>
    /// The same with padding: [samples, stride of the outputs], in the order of <see cref="BlockedSamples.Order"/>.
    /// </summary>
    public void Keep(BlockedSamples samples, int layer, float* target)
    {
        _target = target;
        Run(Mode.Keep, samples, layer);
    }

    private void SetBatches(BlockedSamples samples, ReadOnlySpan<int> batchOrder)
    {
        int batches = batchOrder.IsEmpty ? samples.BatchCount : batchOrder.Length;
        if (_batches.Length != batches)
            (_batches, _learningRates) = (new int[batches], new float[batches]);
        int portions = 1;
        for (int i = 0; i < batches; i++)
        {
            _batches[i] = batchOrder.IsEmpty ? i : batchOrder[i];
            portions = Math.Max(portions, Portions(BlocksOf(samples, _batches[i])));
        }
        RequirePortions(portions);
    }

    private void RequirePortions(int portions)
    {
        nuint floats = (nuint)portions * (nuint)_program.GradientCount;
        if (_portionGradients is null || _portionGradients.Length < floats)
        {
            _portionGradients?.Dispose();
            _portionGradients = new AlignedBuffer<float>(floats);
        }
    }

    private int LastLayer => _program.Plan.Layers.Count - 1;

    private enum Mode
    {
        Train,
        Differentiate,
        ReadInputGradients,
        Evaluate,
        Read,
        Keep,
    }

    private Mode _mode;

    private PassMetrics Run(Mode mode, BlockedSamples samples, int lastLayer)
    {
        _mode = mode;
        _samples = samples;
        _lastLayer = lastLayer;
        (_nextPortion, _lossSum, _correct, _count) = (0, 0, 0, 0);
        _workers.Run(_work);
        Observer?.EndPass(samples);
        return new PassMetrics(_lossSum, _correct, _count);
    }

    /// <summary>One worker's part of the pass.</summary>
    private void Work(int worker)
    {
        PhaseClock? clock = Observer?.ClockOf(worker);
        clock?.Start();
        Prepare(worker, clock);
        if (_mode is not (Mode.Train or Mode.Differentiate))
        {
            WalkPortions(worker, 0, _samples.BlockStarts.Length - 1, clock);
            Wait(clock);
            if (worker == 0)
                CollectMetrics(_samples.BlockStarts.Length - 1, _samples.Count);
            return;
        }
        for (int n = 0; n < _batches.Length; n++)
            TrainBatch(worker, n, clock);
    }

    private void TrainBatch(int worker, int n, PhaseClock? clock)
    {
        int batch = _batches[n];
        int firstBlock = _samples.BatchBlocks[batch], blocks = BlocksOf(_samples, batch);
        WalkPortions(worker, firstBlock, blocks, clock);
        Wait(clock);

        if (worker == 0)
            CollectMetrics(blocks, RowsOf(firstBlock, blocks));
        const int Granule = 1024;
        int granules = (_program.Plan.DeviceParameterCount + Granule - 1) / Granule;
        var (firstGranule, endGranule) = Partition.Of(granules, worker, _workspaces.Length);
        int first = firstGranule * Granule, end = Math.Min(endGranule * Granule, _program.Plan.DeviceParameterCount);
        var task = new StepTask
        {
            PortionGradients = _portionGradients!.Pointer,
            Portions = Portions(blocks),
            Gradients = n == _batches.Length - 1 ? _gradients.Pointer : null,
            State = _state,
            Rate = _learningRates[n],
            Ranges = _ranges,
            First = first,
            End = end,
        };
        bool isTraining = _mode == Mode.Train;
        _program.Step(task, isTraining ? _stepping!.Optimizer : null, isTraining ? _stepping!.Steps + n + 1 : 0);
        clock?.Mark(Phase.Step, Portions(blocks), end - first);
        Wait(clock);
        Prepare(worker, clock);
    }

    private void Prepare(int worker, PhaseClock? clock)
    {
        _program.Prepare(_samples, worker, _workspaces.Length);
        clock?.Mark(Phase.Prepare);
        Wait(clock);
    }

    private void Wait(PhaseClock? clock)
    {
        _workers.Wait();
        clock?.Mark(Phase.Wait);
    }

    /// <summary>Takes portions until none is left.</summary>
    private void WalkPortions(int worker, int firstBlock, int blocks, PhaseClock? clock)
    {
        int portions = Portions(blocks);
        float scale = 1f / RowsOf(firstBlock, blocks);
        int portion;
        while ((portion = Interlocked.Increment(ref _nextPortion) - 1) < portions)
        {
            var (first, end) = Partition.Of(blocks, portion, portions);
            WalkPortion(_workspaces[worker], portion, firstBlock + first, firstBlock + end, scale, clock);
        }
    }

    private void WalkPortion(Workspace workspace, int portion, int firstBlock, int endBlock, float scale, PhaseClock? clock)
    {
        double lossSum = 0;
        int correct = 0;
        bool isBackward = _mode is Mode.Train or Mode.Differentiate;
        float* gradients = null;
        if (isBackward || _mode == Mode.ReadInputGradients)
        {
            gradients = _portionGradients!.Pointer + (nint)portion * _program.GradientCount;
            int cleared = _program.ClearGradients(_samples, gradients);
            clock?.Mark(Phase.Clear, count: cleared);
        }
        for (int index = firstBlock; index < endBlock; index++)
        {
            var block = new Block(_samples, index) { BeginsGradients = index == firstBlock };
            _program.Forward(block, workspace, 0, _lastLayer, clock);
            if (_mode is Mode.Read or Mode.Keep)
            {
                CopyOutput(block, workspace);
                continue;
            }
            if (_mode == Mode.ReadInputGradients)
            {
                CopyInputGradient(block, workspace, gradients, clock);
                continue;
            }
            _program.Loss(block, workspace, scale, ref lossSum, ref correct);
            clock?.Mark(Phase.Loss, count: block.Rows);
            if (isBackward)
                _program.Backward(block, workspace, _lastLayer, inputGradient: null, gradients, clock);
        }
        if (isBackward)
        {
            _program.FinishGradients(_samples, gradients);
            clock?.Mark(Phase.Finish);
        }
        (_portionLoss[portion], _portionCorrect[portion]) = (lossSum, correct);
    }

    private void CopyOutput(in Block block, Workspace workspace)
    {
        var planned = _program.Plan.Layers[_lastLayer];
        float* source = workspace.OutputOf(_lastLayer);
        if (_mode == Mode.Keep)
        {
            int floats = block.Rows * planned.OutputStride;
            float* target = _target + (nint)block.First * planned.OutputStride;
            new ReadOnlySpan<float>(source, floats).CopyTo(new Span<float>(target, floats));
            return;
        }
        for (int r = 0; r < block.Rows; r++)
        {
            new ReadOnlySpan<float>(source + (nint)r * planned.OutputStride, planned.Outputs)
                .CopyTo(new Span<float>(_target + (nint)_samples.Order[block.First + r] * planned.Outputs, planned.Outputs));
        }
    }

    /// <summary>The gradients of the parameters come along, and are not wanted.</summary>
    private void CopyInputGradient(in Block block, Workspace workspace, float* gradients, PhaseClock? clock)
    {
        PlannedLayer last = _program.Plan.Layers[_lastLayer];
        var outputGradient = new Span<float>(workspace.OutputGradientOf(_lastLayer), block.PaddedRows * last.OutputStride);
        outputGradient.Clear();
        for (int r = 0; r < block.Rows; r++)
            outputGradient[r * last.OutputStride + _output] = 1;
        _program.Backward(block, workspace, _lastLayer, workspace.Input, gradients, clock);

        int inputs = _program.Plan.Inputs, stride = _program.Plan.Layers[0].InputStride;
        for (int r = 0; r < block.Rows; r++)
        {
            new ReadOnlySpan<float>(workspace.Input + (nint)r * stride, inputs)
                .CopyTo(new Span<float>(_target + (nint)_samples.Order[block.First + r] * inputs, inputs));
        }
        // Where something is not finite, so is the gradient of the padding, which as an input has to be zero.
        new Span<float>(workspace.Input, block.PaddedRows * stride).Clear();
    }

    private void CollectMetrics(int blocks, int rows)
    {
        for (int portion = 0; portion < Portions(blocks); portion++)
        {
            _lossSum += _portionLoss[portion];
            _correct += _portionCorrect[portion];
        }
        _count += rows;
        _nextPortion = 0;
    }

    private int Portions(int blocks) => Math.Clamp(blocks / SmallestPortionBlocks, 1, _portionLimit);

    private int RowsOf(int firstBlock, int blocks) =>
        _samples.BlockStarts[firstBlock + blocks] - _samples.BlockStarts[firstBlock];

    private static int BlocksOf(BlockedSamples samples, int batch) => samples.BatchBlocks[batch + 1] - samples.BatchBlocks[batch];

    public void Dispose()
    {
        _gradients.Dispose();
        _portionGradients?.Dispose();
    }
}

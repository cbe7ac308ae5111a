using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Optimizers;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// A pass that sums gradients batch by batch, and steps. What is summed in which order depends on the batch alone.
/// </summary>
/// <remarks>
/// Where the first layer is sparse, a small batch is treated chunk by chunk: the first layer by panels, which belong to the
/// workers (<see cref="SparsePanels{TSimd, TVector}"/>), the other layers by portions of the samples. Else portions are blocks
/// that a worker takes through the whole plan.
/// </remarks>
/// <inheritdoc/>
internal sealed unsafe class TrainingPass(PlanBodies program, Workers workers, Workspace[] workspaces)
    : Pass(program, workers, workspaces)
{
    private const int MostPiecesOfChunk = 8;

    /// <summary>
    /// Floats behind the first layer of which many small portions may each have their own sums: so few stay in L2 with the
    /// samples' activations.
    /// </summary>
    private const int FewFloats = 1 << 16;

    private readonly AlignedBuffer<float> _gradients = new((nuint)program.Plan.DeviceParameterCount);

    // What the pass is about; set before the workers start.
    private int[] _batches = [];
    private float[] _learningRates = [];
    private Stepping? _stepping;
    private float* _state;
    private RateFactors? _factors;
    private RateRange[] _ranges = [];
    private bool _isByChunks;
    private int _firstLayer, _firstParameter;

    /// <summary>The gradient of the batch that was trained last, in the device layout.</summary>
    public ReadOnlySpan<float> Gradients => _gradients.Span;

    private int RowsOfPiece => Program.Plan.DeviceParameterCount - Program.EndOfFirst <= FewFloats ? 32 : Block.Size;

    private int LastLayer => Program.Plan.Layers.Count - 1;

    private int StateCount => _stepping?.Optimizer.State.Count ?? 0;

    /// <summary>Trains on the given batches.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="learningRates">The learning rate of each batch, or one for all.</param>
    /// <param name="stepping">How to step.</param>
    /// <param name="state">The optimizer's state.</param>
    /// <param name="batchOrder">Batches to visit; empty means all in their own order.</param>
    public PassMetrics Train(
        BlockedSamples samples, ReadOnlySpan<float> learningRates, ReadOnlySpan<int> batchOrder, Stepping stepping, float* state)
    {
        SetBatches(samples, batchOrder, stepping);
        for (int n = 0; n < _batches.Length; n++)
            _learningRates[n] = learningRates[Math.Min(n, learningRates.Length - 1)];
        _state = state;
        if (_factors != stepping.Factors)
            (_factors, _ranges) = (stepping.Factors, [.. stepping.Factors.RangesOf(Program.Plan.Tensors)]);
        PassMetrics metrics = Run(samples);
        stepping.Steps += _batches.Length;
        return metrics;
    }

    /// <summary>The same for one batch without a step.</summary>
    public PassMetrics Differentiate(BlockedSamples samples, int batch)
    {
        SetBatches(samples, [batch], stepping: null);
        return Run(samples);
    }

    private void SetBatches(BlockedSamples samples, ReadOnlySpan<int> batchOrder, Stepping? stepping)
    {
        _stepping = stepping;
        _isByChunks = samples.IsTrainedByChunks;
        (_firstLayer, _firstParameter) = _isByChunks ? (1, Program.EndOfFirst) : (0, 0);
        int batches = batchOrder.IsEmpty ? samples.BatchCount : batchOrder.Length;
        if (_batches.Length != batches)
            (_batches, _learningRates) = (new int[batches], new float[batches]);
        int portions = 1;
        for (int i = 0; i < batches; i++)
        {
            _batches[i] = batchOrder.IsEmpty ? i : batchOrder[i];
            portions = Math.Max(portions, PortionsOf(samples, _batches[i]));
        }
        Portions.Require(portions, Program.GradientCount - _firstParameter);
        if (_isByChunks)
            Program.RequirePanels(StateCount, severalChunks: samples.BatchSize > Chunk.Size);
    }

    protected override void Work(int worker, PhaseClock? clock)
    {
        if (_isByChunks)
            Program.LoadFirst(TaskOf(0), StateCount, worker, Workspaces.Length);
        Prepare(_firstLayer, worker, clock);
        Wait(clock);
        for (int n = 0; n < _batches.Length; n++)
        {
            if (_isByChunks)
                TrainChunks(worker, n, clock);
            else
                TrainBlocks(worker, n, clock);
        }
        if (_isByChunks && _stepping is not null)
            Program.SaveFirst(TaskOf(0), StateCount, worker, Workspaces.Length);
    }

    private StepTask TaskOf(int n) => new()
    {
        PortionGradients = Portions.Gradients - _firstParameter,
        PortionStride = Portions.Stride,
        Portions = PortionsOf(Samples, _batches[n]),
        Gradients = n == _batches.Length - 1 ? _gradients.Pointer : null,
        State = _state,
        Rate = _learningRates[n],
        Ranges = _ranges,
    };

    private void TrainBlocks(int worker, int n, PhaseClock? clock)
    {
        int firstBlock = Samples.BatchBlocks[_batches[n]], blocks = Samples.BatchBlocks[_batches[n] + 1] - firstBlock;
        int portions = PortionsOf(blocks), portion;
        float scale = 1f / RowsOf(Samples, _batches[n]);
        while ((portion = Portions.Take()) < portions)
        {
            var (first, end) = Partition.Of(blocks, portion, portions);
            WalkPortion(Workspaces[worker], portion, firstBlock + first, firstBlock + end, scale, clock);
        }
        Wait(clock);
        EndBatch(worker, n, TaskOf(n), clock);
        Wait(clock);
        Prepare(_firstLayer, worker, clock);
        Wait(clock);
    }

    private void WalkPortion(Workspace workspace, int portion, int firstBlock, int endBlock, float scale, PhaseClock? clock)
    {
        float* gradients = BeginPortion(portion, clock);
        for (int index = firstBlock; index < endBlock; index++)
        {
            Block block = Block.Of(Samples, index) with { BeginsGradients = index == firstBlock };
            Program.Forward(block, workspace, 0, LastLayer, clock);
            Program.Loss(block, workspace, scale, ref Portions.LossOf(portion), ref Portions.CorrectOf(portion));
            clock?.Mark(Phase.Loss, count: block.Rows);
            Program.Backward(block, workspace, LastLayer, first: 0, inputGradient: null, gradients, clock);
        }
        EndPortion(gradients, clock);
    }

    private void TrainChunks(int worker, int n, PhaseClock? clock)
    {
        int batch = _batches[n], workers = Workspaces.Length;
        StepTask task = TaskOf(n);
        for (int index = Samples.BatchChunks[batch]; index < Samples.BatchChunks[batch + 1]; index++)
        {
            var chunk = new Chunk(Samples, batch, index);
            Program.ForwardFirst(chunk, worker, workers);
            clock?.Mark(Phase.Forward, 0, chunk.Rows, 1.0 / workers);
            Wait(clock);
            int portion;
            while ((portion = Portions.Take()) < task.Portions)
                WalkPiece(Workspaces[worker], chunk, portion, task.Portions, clock);
            Wait(clock);
            if (worker == 0 && !chunk.EndsBatch)
                Portions.Restart();
            Program.BackwardFirst(
                chunk, Workspaces[worker].FirstSums, task, _stepping?.Optimizer, StepOf(n), worker, workers);
            clock?.Mark(Phase.Backward, 0, chunk.Rows, 1.0 / workers);
        }
        EndBatch(worker, n, task, clock);
        Wait(clock);
        // Forward through the first layer needs nothing of it; behind that all wait.
        Prepare(_firstLayer, worker, clock);
    }

    /// <summary>A portion's samples of a chunk; it has others of the batch's other chunks.</summary>
    private void WalkPiece(Workspace workspace, in Chunk chunk, int portion, int portions, PhaseClock? clock)
    {
        float* gradients = chunk.BeginsBatch ? BeginPortion(portion, clock) : GradientsOf(portion);
        float scale = 1f / RowsOf(Samples, chunk.Batch);
        var (first, end) = chunk.Piece(portion, portions);
        for (int row = first; row < end; row += Block.Size)
        {
            Program.WalkRest(
                chunk, row, Math.Min(Block.Size, end - row), workspace, scale, ref Portions.LossOf(portion),
                ref Portions.CorrectOf(portion), gradients, clock);
        }
        if (chunk.EndsBatch)
            EndPortion(gradients, clock);
    }

    private float* BeginPortion(int portion, PhaseClock? clock)
    {
        (Portions.LossOf(portion), Portions.CorrectOf(portion)) = (0, 0);
        float* gradients = GradientsOf(portion);
        int cleared = Program.ClearGradients(Samples, _firstLayer, gradients);
        clock?.Mark(Phase.Clear, count: cleared);
        return gradients;
    }

    private void EndPortion(float* gradients, PhaseClock? clock)
    {
        Program.FinishGradients(Samples, _firstLayer, gradients);
        clock?.Mark(Phase.Finish);
    }

    private float* GradientsOf(int portion) => Portions.Gradients + portion * Portions.Stride - _firstParameter;

    /// <summary>Adds up what portions have summed, and steps.</summary>
    private void EndBatch(int worker, int n, StepTask task, PhaseClock? clock)
    {
        if (worker == 0)
            CollectMetrics(task.Portions, RowsOf(Samples, _batches[n]));
        const int Granule = 1024;
        int count = Program.Plan.DeviceParameterCount - _firstParameter;
        var (firstGranule, endGranule) = Partition.Of((count + Granule - 1) / Granule, worker, Workspaces.Length);
        task.First = _firstParameter + firstGranule * Granule;
        task.End = _firstParameter + Math.Min(endGranule * Granule, count);
        Program.Step(task, _stepping?.Optimizer, StepOf(n));
        clock?.Mark(Phase.Step, task.Portions, (int)(task.End - task.First));
    }

    /// <summary>The number of a batch's step.</summary>
    private long StepOf(int n) => (_stepping?.Steps ?? 0) + n + 1;

    /// <summary>The portions of a batch.</summary>
    private int PortionsOf(BlockedSamples samples, int batch)
    {
        if (!_isByChunks)
            return PortionsOf(samples.BatchBlocks[batch + 1] - samples.BatchBlocks[batch]);
        int rows = Math.Min(Chunk.Size, RowsOf(samples, batch)), pieces = (rows + RowsOfPiece - 1) / RowsOfPiece;
        return LimitPortions(Math.Min(pieces, MostPiecesOfChunk), Program.Plan.DeviceParameterCount - _firstParameter);
    }

    private static int RowsOf(BlockedSamples samples, int batch) =>
        samples.BlockStarts[samples.BatchBlocks[batch + 1]] - samples.BlockStarts[samples.BatchBlocks[batch]];

    public override void Dispose()
    {
        _gradients.Dispose();
        base.Dispose();
    }
}

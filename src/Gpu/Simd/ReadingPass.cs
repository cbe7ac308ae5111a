using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>A pass that leaves the parameters alone: each worker takes blocks of samples through the whole plan.</summary>
/// <inheritdoc/>
internal sealed unsafe class ReadingPass(PlanBodies program, Workers workers, Workspace[] workspaces)
    : Pass(program, workers, workspaces)
{
    private enum Mode
    {
        Evaluate,
        Read,
        Keep,
        ReadInputGradients,
    }

    private Mode _mode;
    private int _lastLayer;
    private float* _target;
    private int _output;

    /// <summary>Forward pass over all samples.</summary>
    public PassMetrics Evaluate(BlockedSamples samples) =>
        Run(Mode.Evaluate, samples, Program.Plan.Layers.Count - 1, target: null);

    /// <summary>Forward pass up to one layer that copies its output: [samples, outputs], in the order of the source.</summary>
    public void Read(BlockedSamples samples, int layer, float* target) => Run(Mode.Read, samples, layer, target);

    /// <summary>
    /// The same with padding: [samples, stride of the outputs], in the order of <see cref="BlockedSamples.Order"/>.
    /// </summary>
    public void Keep(BlockedSamples samples, int layer, float* target) => Run(Mode.Keep, samples, layer, target);

    /// <summary>
    /// Forward up to one layer and back from one of its outputs to the input: [samples, inputs], in the order of the source.
    /// </summary>
    public void ReadInputGradients(BlockedSamples samples, int layer, int output, float* target)
    {
        Portions.Require(PortionsOf(samples.BlockStarts.Length - 1), Program.GradientCount);
        _output = output;
        Run(Mode.ReadInputGradients, samples, layer, target);
    }

    private PassMetrics Run(Mode mode, BlockedSamples samples, int lastLayer, float* target)
    {
        _mode = mode;
        _lastLayer = lastLayer;
        _target = target;
        return Run(samples);
    }

    protected override void Work(int worker, PhaseClock? clock)
    {
        Prepare(first: 0, worker, clock);
        Wait(clock);
        int blocks = Samples.BlockStarts.Length - 1, portions = PortionsOf(blocks), portion;
        while ((portion = Portions.Take()) < portions)
        {
            var (first, end) = Partition.Of(blocks, portion, portions);
            WalkPortion(Workspaces[worker], portion, first, end, clock);
        }
        Wait(clock);
        if (worker == 0)
            CollectMetrics(portions, Samples.Count);
    }

    private void WalkPortion(Workspace workspace, int portion, int firstBlock, int endBlock, PhaseClock? clock)
    {
        double lossSum = 0;
        int correct = 0;
        for (int index = firstBlock; index < endBlock; index++)
        {
            var block = Block.Of(Samples, index);
            Program.Forward(block, workspace, 0, _lastLayer, clock);
            switch (_mode)
            {
                case Mode.Evaluate:
                    Program.Loss(block, workspace, scale: 1, ref lossSum, ref correct);
                    clock?.Mark(Phase.Loss, count: block.Rows);
                    break;
                case Mode.ReadInputGradients:
                    CopyInputGradient(block, workspace, Portions.Gradients + portion * Portions.Stride, clock);
                    break;
                default:
                    CopyOutput(block, workspace);
                    break;
            }
        }
        (Portions.LossOf(portion), Portions.CorrectOf(portion)) = (lossSum, correct);
    }

    private void CopyOutput(in Block block, Workspace workspace)
    {
        var planned = Program.Plan.Layers[_lastLayer];
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
                .CopyTo(new Span<float>(_target + (nint)Samples.Order[block.First + r] * planned.Outputs, planned.Outputs));
        }
    }

    /// <summary>The gradients of the parameters come along, and are not wanted.</summary>
    private void CopyInputGradient(in Block block, Workspace workspace, float* gradients, PhaseClock? clock)
    {
        PlannedLayer last = Program.Plan.Layers[_lastLayer];
        var outputGradient = new Span<float>(workspace.OutputGradientOf(_lastLayer), block.PaddedRows * last.OutputStride);
        outputGradient.Clear();
        for (int r = 0; r < block.Rows; r++)
            outputGradient[r * last.OutputStride + _output] = 1;
        Program.Backward(block, workspace, _lastLayer, first: 0, workspace.Input, gradients, clock);

        int inputs = Program.Plan.Inputs, stride = Program.Plan.Layers[0].InputStride;
        for (int r = 0; r < block.Rows; r++)
        {
            new ReadOnlySpan<float>(workspace.Input + (nint)r * stride, inputs)
                .CopyTo(new Span<float>(_target + (nint)Samples.Order[block.First + r] * inputs, inputs));
        }
        // Where something is not finite, so is the gradient of the padding, which as an input has to be zero.
        new Span<float>(workspace.Input, block.PaddedRows * stride).Clear();
    }
}

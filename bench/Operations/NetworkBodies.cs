using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Optimizers;
using IlgpuDistance.Gpu.Simd;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Bench.Operations;

/// <summary>
/// The SIMD bodies of a network, called one by one from one thread. The only place that knows how they are called.
/// </summary>
internal sealed unsafe class NetworkBodies : IDisposable
{
    /// <summary>Sums of this many portions can be added up by <see cref="Step"/>.</summary>
    public const int MostPortions = 32;

    private readonly AlignedBuffer<float> _parameters, _portionGradients, _gradients;
    private readonly PlanBodies _program;
    private readonly Workspace _workspace;
    private readonly Optimizer _optimizer = new Sgd();
    private readonly RateRange[] _rates;
    private double _lossSum;
    private int _correct;

    /// <summary>A network with initial parameters.</summary>
    public NetworkBodies(NetworkPlan plan)
    {
        Plan = plan;
        _parameters = new AlignedBuffer<float>((nuint)plan.DeviceParameterCount);
        plan.ToDevice(Initialisation.Draw(plan, seed: 0), _parameters.Span);
        _program = PlanBodies.Create(plan, _parameters.Pointer);
        _workspace = new Workspace(plan);
        _rates = [.. RateFactors.None.RangesOf(plan.Tensors)];
        _gradients = new AlignedBuffer<float>((nuint)plan.DeviceParameterCount);
        _portionGradients = new AlignedBuffer<float>(MostPortions * (nuint)plan.DeviceParameterCount);
    }

    public NetworkPlan Plan { get; }

    /// <summary>Recomputes what layers derive from the parameters; needed before the first forward pass.</summary>
    public void Prepare(BlockedSamples samples) => _program.Prepare(samples, first: 0, part: 0, parts: 1);

    /// <summary>Sets the sums of the gradients to zero.</summary>
    public void ClearGradients() => _portionGradients.Span[..Plan.DeviceParameterCount].Clear();

    /// <summary>Writes the values of samples that are not in sparse form to the input of the first layer.</summary>
    public void Load(Block block) => _program.LoadInput(block, _workspace);

    /// <summary>One layer forward, from the output of the layer before it.</summary>
    public void Forward(int layer, Block block) =>
        _program.Layer(layer, block.Samples).Forward(block, _workspace.InputOf(layer), _workspace.OutputOf(layer));

    /// <summary>Loss and gradient of the logits.</summary>
    public void Loss(Block block) => _program.Loss(block, _workspace, 1f / block.Samples.Count, ref _lossSum, ref _correct);

    /// <summary>
    /// Takes samples in sparse form, one batch, forward through the network and back to the output of the first layer.
    /// </summary>
    public void WalkChunks(BlockedSamples samples)
    {
        _program.RequirePanels(stateCount: 0, severalChunks: true);
        _program.LoadFirst(default, stateCount: 0, part: 0, parts: 1);
        for (int index = 0; index < samples.BatchChunks[1]; index++)
        {
            var chunk = new Chunk(samples, 0, index);
            _program.ForwardFirst(chunk, part: 0, parts: 1);
            for (int row = 0; row < chunk.Rows; row += Block.Size)
            {
                _program.WalkRest(
                    chunk, row, Math.Min(Block.Size, chunk.Rows - row), _workspace, 1f / samples.Count, ref _lossSum,
                    ref _correct, _portionGradients.Pointer, clock: null);
            }
        }
    }

    /// <summary>The first layer of samples in sparse form backward, after <see cref="WalkChunks"/>.</summary>
    public void BackwardFirst(BlockedSamples samples, int chunk) => _program.BackwardFirst(
        new Chunk(samples, 0, chunk), _workspace.FirstSums, default, optimizer: null, step: 0, part: 0, parts: 1);

    /// <summary>One layer backward, from the gradient that the layer behind it left.</summary>
    public void Backward(int layer, Block block) => _program.Layer(layer, block.Samples).Backward(
        block, _workspace.InputOf(layer), _workspace.OutputOf(layer), _workspace.OutputGradientOf(layer),
        layer == 0 ? null : _workspace.OutputGradientOf(layer - 1), _portionGradients.Pointer);

    /// <summary>The gradient of a layer's output: [samples, stride].</summary>
    public Span<float> OutputGradient(int layer) =>
        new(_workspace.OutputGradientOf(layer), Block.Size * Plan.Layers[layer].OutputStride);

    /// <summary>Adds the gradients of portions and steps the parameters.</summary>
    public void Step(int portions, float learningRate)
    {
        var task = new StepTask
        {
            PortionGradients = _portionGradients.Pointer,
            PortionStride = Plan.DeviceParameterCount,
            Portions = portions,
            Gradients = _gradients.Pointer,
            Rate = learningRate,
            Ranges = _rates,
            End = Plan.DeviceParameterCount,
        };
        _program.Step(task, _optimizer, step: 1);
    }

    public void Dispose()
    {
        _program.Dispose();
        _workspace.Dispose();
        _portionGradients.Dispose();
        _gradients.Dispose();
        _parameters.Dispose();
    }
}

using IlgpuDistance.Gpu.Kernels;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Simd;

namespace IlgpuDistance.Gpu.Profiling;

/// <summary>Times the phases of the SIMD executor on each of its worker threads.</summary>
/// <param name="executor">What is observed between <see cref="Start"/> and <see cref="Stop"/>.</param>
internal sealed class PhaseRecorder(SimdExecutor executor) : WorkRecorder, IPhaseObserver
{
    private readonly PhaseClock[] _clocks = [.. Enumerable.Range(0, executor.Workers.Count).Select(_ => new PhaseClock())];
    private readonly IReadOnlyList<PlannedLayer> _layers = executor.Plan.Layers;
    private readonly List<Pass> _passes = [];
    private WorkLog? _log;

    public override string Timer => "the clock of each thread between the layers of each block of samples";

    public override int Threads => _clocks.Length;

    public override void Start(WorkLog log)
    {
        _log = log;
        executor.Observer = this;
    }

    public override void Stop()
    {
        executor.Observer = null;
        foreach (Pass pass in _passes)
        {
            foreach (PhaseMark mark in pass.Marks)
                Add(mark, pass);
        }
        _passes.Clear();
    }

    public PhaseClock ClockOf(int worker) => _clocks[worker];

    public void EndPass(BlockedSamples samples)
    {
        // Looked at later, when no epoch's time runs.
        for (int worker = 0; worker < _clocks.Length; worker++)
            _passes.Add(new Pass(samples, worker, _clocks[worker].Take()));
    }

    private void Add(in PhaseMark mark, Pass pass)
    {
        double start = _log!.At(mark.Start);
        var (flop, bytes) = WorkOf(mark, pass.Samples);
        _log.Add(new WorkSpan(
            NameOf(mark), ShapeOf(mark), pass.Worker, start, _log.At(mark.End) - start, mark.Share * flop, mark.Share * bytes));
    }

    private string NameOf(in PhaseMark mark) => mark.Phase switch
    {
        Phase.Wait => "wait for other threads",
        Phase.Prepare => "derive from parameters",
        Phase.Clear => "clear gradients",
        Phase.Load => "load",
        Phase.Forward => $"{mark.Index} {_layers[mark.Index].Layer} forward",
        Phase.Backward => $"{mark.Index} {_layers[mark.Index].Layer} backward",
        Phase.Loss => "softmax cross-entropy",
        Phase.Finish => "finish gradients",
        _ => "step",
    };

    private static string ShapeOf(in PhaseMark mark) => mark.Phase switch
    {
        Phase.Wait or Phase.Prepare or Phase.Finish => "",
        Phase.Step => $"I={mark.Count} S={mark.Index}",
        Phase.Clear => $"I={mark.Count}",
        _ => $"N={mark.Count}",
    };

    private (double Flop, double Bytes) WorkOf(in PhaseMark mark, BlockedSamples samples)
    {
        PlannedLayer layer = _layers[mark.Phase is Phase.Forward or Phase.Backward ? mark.Index : 0];
        bool isSparse = layer.Index == 0 && samples.Sparse is not null;
        double inputs = isSparse ? samples.NonZeros : layer.Inputs;
        switch (mark.Phase)
        {
            case Phase.Forward:
                return (
                    mark.Count * LayerWork.ForwardFlop(layer, inputs),
                    LayerWork.ForwardBytes(
                        layer, mark.Count, isSparse ? samples.Sparse!.ForwardBytes : sizeof(float) * layer.Inputs));
            case Phase.Backward:
                return (
                    mark.Count * LayerWork.BackwardFlop(layer, inputs),
                    LayerWork.BackwardBytes(
                        layer, mark.Count, isSparse ? samples.Sparse!.BackwardBytes : sizeof(float) * layer.Inputs));
            case Phase.Loss:
                int classes = _layers[^1].Outputs;
                return Of(SoftmaxCrossEntropyKernels.Loss, new WorkShape(mark.Count, classes, classes));
            case Phase.Step:
                return Of(StepLaunch.KernelOf(executor.Optimizer), new WorkShape(0, mark.Count, 0, mark.Index));
            case Phase.Clear:
                return (0, sizeof(float) * (double)mark.Count);
            case Phase.Load:
                return (2.0 * mark.Count * layer.Inputs, (sizeof(byte) + sizeof(float)) * (double)mark.Count * layer.Inputs);
            default:
                return (0, 0);
        }
    }

    private static (double Flop, double Bytes) Of(Kernel kernel, in WorkShape shape) =>
        (kernel.Flop.Value(shape), kernel.Bytes.Value(shape));

    /// <summary>What one worker did in a pass.</summary>
    private sealed record Pass(BlockedSamples Samples, int Worker, PhaseMark[] Marks);
}

using IlgpuDistance.Gpu.Executors;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// A pass over samples as all workers walk it together, in one launch. Samples are divided into <i>portions</i>, by their number
/// alone, each with sums of its own (<see cref="Simd.Portions"/>).
/// </summary>
/// <param name="program">The plan's bodies.</param>
/// <param name="workers">The threads.</param>
/// <param name="workspaces">The memory of each worker.</param>
internal abstract unsafe class Pass(PlanBodies program, Workers workers, Workspace[] workspaces) : IDisposable
{
    private const long LargestPortionMemoryFloats = 64 << 20;

    private Action<int>? _work;
    private double _lossSum;
    private int _correct, _count;

    /// <summary>Times the phases; null where nobody looks.</summary>
    public IPhaseObserver? Observer { get; set; }

    protected PlanBodies Program => program;

    protected Workspace[] Workspaces => workspaces;

    protected Portions Portions { get; } = new();

    /// <summary>What the pass is about.</summary>
    protected BlockedSamples Samples { get; private set; } = null!;

    /// <summary>One worker's part of the pass.</summary>
    protected abstract void Work(int worker, PhaseClock? clock);

    protected PassMetrics Run(BlockedSamples samples)
    {
        Samples = samples;
        Portions.Restart();
        (_lossSum, _correct, _count) = (0, 0, 0);
        workers.Run(_work ??= Work);
        Observer?.EndPass(samples);
        return new PassMetrics(_lossSum, _correct, _count);
    }

    private void Work(int worker)
    {
        PhaseClock? clock = Observer?.ClockOf(worker);
        clock?.Start();
        Work(worker, clock);
    }

    /// <summary>Recomputes what layers derive from the parameters; from one layer on.</summary>
    protected void Prepare(int first, int worker, PhaseClock? clock)
    {
        program.Prepare(Samples, first, worker, workspaces.Length);
        clock?.Mark(Phase.Prepare);
    }

    protected void Wait(PhaseClock? clock)
    {
        workers.Wait();
        clock?.Mark(Phase.Wait);
    }

    /// <summary>Adds up what portions have counted; called by one worker while no other takes any.</summary>
    protected void CollectMetrics(int portions, int rows)
    {
        for (int portion = 0; portion < portions; portion++)
        {
            _lossSum += Portions.LossOf(portion);
            _correct += Portions.CorrectOf(portion);
        }
        _count += rows;
        Portions.Restart();
    }

    /// <summary>The portions of some blocks, where they have gradients of all layers.</summary>
    protected int PortionsOf(int blocks) => LimitPortions(blocks, program.Plan.DeviceParameterCount);

    /// <summary>Fewer portions where their gradients would take too much memory.</summary>
    /// <param name="wanted">As many as would do.</param>
    /// <param name="floats">The gradients of one.</param>
    protected static int LimitPortions(int wanted, int floats) => (int)Math.Clamp(
        Math.Min(wanted, Simd.Portions.Most), 1, Math.Max(1, LargestPortionMemoryFloats / Math.Max(1, floats)));

    public virtual void Dispose() => Portions.Dispose();
}

using System.Diagnostics;
using IlgpuDistance.Bench.Epochs;
using IlgpuDistance.Gpu.Execution;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Bench.Operations;

/// <summary>
/// Where the time of an epoch goes: walks the blocks of all batches on one thread as the SIMD executor does, with a clock
/// around each layer. The executor sums a batch in up to 32 lanes, this in one; steps on large batches look cheaper here.
/// </summary>
internal sealed class PhaseProfile : IDisposable
{
    private readonly NetworkBodies _bodies;
    private readonly SimdSamples _train, _test;
    private readonly double _trainInputs, _testInputs;
    private readonly Dictionary<string, Phase> _phases = [];
    private long _last;

    public PhaseProfile(NetworkPlan plan, Workload workload, int batchSize)
    {
        _bodies = new NetworkBodies(plan);
        bool allowSparse = plan.Layers[0].Layer is Linear;
        _train = new SimdSamples(workload.Train, batchSize, allowSparse);
        _test = new SimdSamples(workload.Test, int.MaxValue, allowSparse);
        _trainInputs = _train.Sparse is null ? plan.Inputs : Workload.NonZeros(workload.Train);
        _testInputs = _test.Sparse is null ? plan.Inputs : Workload.NonZeros(workload.Test);
    }

    /// <summary>The phases in the order in which they first ran, summed over all epochs since <see cref="Reset"/>.</summary>
    public IReadOnlyCollection<Phase> Phases => _phases.Values;

    /// <summary>Forgets what was measured.</summary>
    public void Reset() => _phases.Clear();

    /// <summary>Runs an epoch and adds to <see cref="Phases"/>.</summary>
    public void RunEpoch(float learningRate)
    {
        _last = Stopwatch.GetTimestamp();
        _bodies.Prepare(_train);
        for (int batch = 0; batch < _train.BatchCount; batch++)
        {
            _bodies.ClearGradients();
            Mark("clear gradients", 0, 0);
            for (int index = _train.BatchBlocks[batch]; index < _train.BatchBlocks[batch + 1]; index++)
                TrainBlock(new SimdBlock(_train, index));
            _bodies.FinishGradients(_train);
            _bodies.Step(1, learningRate);
            Mark("step", 0, 0);
            _bodies.Prepare(_train);
            Mark("derive from parameters", 0, 0);
        }
        // A layer may prepare itself differently for samples in another form.
        _bodies.Prepare(_test);
        for (int index = 0; index < _test.BlockStarts.Length - 1; index++)
            TestBlock(new SimdBlock(_test, index));
    }

    private void TrainBlock(SimdBlock block)
    {
        IReadOnlyList<PlannedLayer> layers = _bodies.Plan.Layers;
        if (_train.Sparse is null)
        {
            _bodies.Load(block);
            Mark("load", block.Rows, 0);
        }
        foreach (PlannedLayer layer in layers)
        {
            _bodies.Forward(layer.Index, block);
            Mark($"{layer.Index} {layer.Layer} forward", block.Rows, FlopCount.Forward(layer, InputsOf(layer)));
        }
        _bodies.Loss(block);
        Mark("softmax cross-entropy", block.Rows, 0);
        foreach (PlannedLayer layer in layers.Reverse())
        {
            _bodies.Backward(layer.Index, block);
            Mark($"{layer.Index} {layer.Layer} backward", block.Rows, FlopCount.Backward(layer, InputsOf(layer)));
        }
    }

    private void TestBlock(SimdBlock block)
    {
        _bodies.Load(block);
        foreach (PlannedLayer layer in _bodies.Plan.Layers)
            _bodies.Forward(layer.Index, block);
        _bodies.Loss(block);
        Mark("test, forward and loss", block.Rows, FlopCount.Of(_bodies.Plan, _testInputs, backward: false));
    }

    private double InputsOf(PlannedLayer layer) => layer.Index == 0 ? _trainInputs : layer.Inputs;

    /// <summary>Books the time since the last call to a phase.</summary>
    private void Mark(string name, int samples, double flopsPerSample)
    {
        long now = Stopwatch.GetTimestamp();
        if (!_phases.TryGetValue(name, out Phase? phase))
            _phases.Add(name, phase = new Phase(name));
        phase.Seconds += Stopwatch.GetElapsedTime(_last, now).TotalSeconds;
        phase.Samples += samples;
        phase.Flops += samples * flopsPerSample;
        _last = Stopwatch.GetTimestamp();
    }

    public void Dispose()
    {
        _bodies.Dispose();
        _train.Dispose();
        _test.Dispose();
    }
}

using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// Counts right predictions under clamps on the CPU accelerator. Workers take blocks as they come, and each block goes
/// through all clamps: those of single nodes by <see cref="NodeResponse"/> where that applies, the others through the layers
/// that come after the clamped one.
/// </summary>
internal sealed unsafe class Clamps : IDisposable
{
    private readonly SimdExecutor _executor;
    private readonly BlockedSamples _samples;
    private readonly PlannedLayer _layer;
    private readonly float* _activations;

    // The clamps, those of the same node together, where each was before, and how many go through the later layers.
    private readonly Clamp[] _clamps;
    private readonly int[] _places;
    private readonly int _throughLayers;
    private readonly NodeResponse? _response;
    private readonly NodeClampCounter? _counter;
    private readonly Scratch[] _scratch;

    /// <param name="executor">Its parameters are those of the later layers.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="layer">The clamped layer.</param>
    /// <param name="activations">Its outputs: [samples, stride] in the order of <see cref="BlockedSamples.Order"/>.</param>
    /// <param name="clamps">The clamps, whose nodes exist.</param>
    public Clamps(SimdExecutor executor, BlockedSamples samples, PlannedLayer layer, float* activations, Clamp[] clamps)
    {
        _executor = executor;
        _samples = samples;
        _layer = layer;
        _activations = activations;
        _places = [.. Enumerable.Range(0, clamps.Length).OrderBy(i => clamps[i].Node)];
        _clamps = [.. _places.Select(i => clamps[i])];
        _throughLayers = clamps.Length;
        var tail = Tail.Of(executor.Plan, layer.Index);
        if (NodeResponse.Applies(tail))
        {
            float[] parameters = new float[executor.Plan.ParameterCount];
            executor.GetParameters(parameters);
            _response = new NodeResponse(layer, tail, parameters);
            _counter = executor.Program.CounterFor(_response);
            _throughLayers = clamps.Count(clamp => clamp.Node == Clamp.AllNodes);
        }
        _scratch = [.. executor.Workspaces.Select(workspace => new Scratch(workspace, layer, clamps.Length, _response))];
    }

    /// <summary>For each clamp the number of samples that are predicted right.</summary>
    public int[] CountCorrect()
    {
        Workers workers = _executor.Workers;
        workers.Run(worker => _executor.Program.Prepare(_samples, first: 0, worker, workers.Count));
        workers.ForEach(_samples.BlockStarts.Length - 1, (worker, index) =>
        {
            var block = Block.Of(_samples, index);
            for (int i = 0; i < _throughLayers; i++)
                _scratch[worker].Correct[i] += CountThroughLayers(block, _scratch[worker], _clamps[i]);
            if (_throughLayers < _clamps.Length)
                CountNodes(block, _scratch[worker]);
        });
        int[] correct = new int[_clamps.Length];
        for (int i = 0; i < correct.Length; i++)
            correct[_places[i]] = _scratch.Sum(scratch => scratch.Correct[i]);
        return correct;
    }

    private int CountThroughLayers(in Block block, Scratch scratch, Clamp clamp)
    {
        scratch.SetLimits(clamp, _layer.Outputs);
        _executor.Program.Clamp(
            ActivationsOf(block), block.Rows, _layer.OutputStride, scratch.Lowest.Pointer, scratch.Highest.Pointer,
            scratch.Workspace.OutputOf(_layer.Index));
        _executor.Program.Forward(block, scratch.Workspace, _layer.Index + 1, LastLayer, clock: null);
        double lossSum = 0;
        int correct = 0;
        _executor.Program.Loss(block, scratch.Workspace, scale: 1, ref lossSum, ref correct);
        return correct;
    }

    private void CountNodes(in Block block, Scratch scratch)
    {
        Workspace workspace = scratch.Workspace;
        NodeBlock nodes = scratch.Nodes!;
        int floats = block.Rows * _layer.OutputStride, lastLayer = LastLayer;
        new ReadOnlySpan<float>(ActivationsOf(block), floats).CopyTo(new Span<float>(workspace.OutputOf(_layer.Index), floats));
        _executor.Program.Forward(block, workspace, _layer.Index + 1, lastLayer, clock: null);
        nodes.SetPredictions(block.Rows, _samples.LabelsOf(block), workspace.OutputOf(lastLayer), _executor.Plan.Classes);
        int summed = _response!.Layer.Index;
        if (summed > _layer.Index)
            _executor.Program.ForwardSums(block, workspace, summed);
        nodes.SetSums(workspace.OutputOf(summed));

        int end;
        for (int first = _throughLayers; first < _clamps.Length; first = end)
        {
            int node = _clamps[first].Node;
            end = first + 1;
            while (end < _clamps.Length && _clamps[end].Node == node)
                end++;
            nodes.SetColumn(ActivationsOf(block) + node, _layer.OutputStride);
            _counter!(
                _response, nodes, node, _clamps.AsSpan(first, end - first), scratch.Correct.AsSpan(first, end - first));
        }
    }

    private int LastLayer => _executor.Plan.Layers.Count - 1;

    private float* ActivationsOf(in Block block) => _activations + (nint)block.First * _layer.OutputStride;

    public void Dispose()
    {
        foreach (Scratch scratch in _scratch)
            scratch.Dispose();
    }

    /// <summary>One worker's memory.</summary>
    private sealed class Scratch(Workspace workspace, PlannedLayer layer, int clamps, NodeResponse? response) : IDisposable
    {
        public Workspace Workspace { get; } = workspace;

        /// <summary>Right predictions so far: [clamps]</summary>
        public int[] Correct { get; } = new int[clamps];

        public NodeBlock? Nodes { get; } = response is null ? null : new NodeBlock(response);

        /// <summary>Each node's lower limit; none for padding, which so remains zero: [stride]</summary>
        public AlignedBuffer<float> Lowest { get; } = new((nuint)layer.OutputStride);

        /// <summary>Each node's upper limit, as <see cref="Lowest"/>.</summary>
        public AlignedBuffer<float> Highest { get; } = new((nuint)layer.OutputStride);

        public void SetLimits(Clamp clamp, int nodes)
        {
            Lowest.Span.Fill(float.NegativeInfinity);
            Highest.Span.Fill(float.PositiveInfinity);
            Range clamped = clamp.Node == Clamp.AllNodes ? ..nodes : clamp.Node..(clamp.Node + 1);
            Lowest.Span[clamped].Fill(clamp.Lowest);
            Highest.Span[clamped].Fill(clamp.Highest);
        }

        public void Dispose()
        {
            Nodes?.Dispose();
            Lowest.Dispose();
            Highest.Dispose();
        }
    }
}

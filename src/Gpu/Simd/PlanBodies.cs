using System.Runtime.Intrinsics;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Optimizers;
using IlgpuDistance.Gpu.Vectors;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>A plan as SIMD bodies for this processor's vectors. Its methods are called by all workers at once.</summary>
internal abstract unsafe class PlanBodies(NetworkPlan plan) : IDisposable
{
    /// <summary>What the program computes.</summary>
    public NetworkPlan Plan { get; } = plan;

    /// <summary>Floats in a buffer of gradients of all layers: those of the parameters, and scratch of the first layer.</summary>
    public int GradientCount { get; } = plan.DeviceParameterCount + plan.Layers[0].OutputStride;

    /// <summary>The first parameter behind those of the first layer.</summary>
    public int EndOfFirst { get; } =
        plan.Layers[0].Tensors.Select(tensor => tensor.DeviceOffset + tensor.DeviceCount).DefaultIfEmpty(0).Max();

    /// <summary>Bits of a vector, for messages.</summary>
    public abstract int VectorBits { get; }

    /// <summary>Makes the program for the widest vectors that the processor computes with.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="parameters">All parameters in the device layout.</param>
    public static PlanBodies Create(NetworkPlan plan, float* parameters) =>
        ProcessorVectors.Bits switch
        {
            512 => new PlanBodies<Simd512, Vector512<float>>(plan, parameters),
            256 => new PlanBodies<Simd256, Vector256<float>>(plan, parameters),
            _ => new PlanBodies<Simd128, Vector128<float>>(plan, parameters),
        };

    /// <summary>The body that computes a layer on the given samples.</summary>
    public abstract LayerBody Layer(int index, BlockedSamples samples);

    /// <summary>Recomputes one part of what layers derive from the parameters; from one layer on.</summary>
    public abstract void Prepare(BlockedSamples samples, int first, int part, int parts);

    /// <summary>Writes a block's input as floats, unless the samples are in sparse form.</summary>
    public abstract void LoadInput(in Block block, Workspace workspace);

    /// <summary>
    /// Layers <paramref name="first"/> to <paramref name="last"/> forward, the first layer of all after
    /// <see cref="LoadInput"/>; the outputs remain in the workspace.
    /// </summary>
    public abstract void Forward(in Block block, Workspace workspace, int first, int last, PhaseClock? clock);

    /// <summary><see cref="LayerBody.ForwardSums"/> of one layer, in place of its output.</summary>
    public abstract void ForwardSums(in Block block, Workspace workspace, int layer);

    /// <summary>Loss and correct predictions of a block after <see cref="Forward"/>, and the logits' gradient.</summary>
    public abstract void Loss(in Block block, Workspace workspace, float scale, ref double lossSum, ref int correct);

    /// <summary>See <see cref="LayerBody.ClearGradients"/>; from one layer on.</summary>
    public abstract int ClearGradients(BlockedSamples samples, int first, float* gradients);

    /// <summary>
    /// Layers <paramref name="last"/> down to <paramref name="first"/> backward from the gradient of the last one's output,
    /// adding to a portion's gradients.
    /// </summary>
    /// <param name="block">The samples.</param>
    /// <param name="workspace">Their activations.</param>
    /// <param name="last">The layer to begin with.</param>
    /// <param name="first">The layer to end with.</param>
    /// <param name="inputGradient">
    /// Receives the gradient of the input, whose memory it may be; null where nobody wants it.
    /// </param>
    /// <param name="gradients">The portion's gradients.</param>
    /// <param name="clock">Times the layers.</param>
    public abstract void Backward(
        in Block block, Workspace workspace, int last, int first, float* inputGradient, float* gradients, PhaseClock? clock);

    /// <summary>Turns the sums in a portion's gradients into its share of the gradient; from one layer on.</summary>
    public abstract void FinishGradients(BlockedSamples samples, int first, float* gradients);

    /// <summary>Takes memory to train the first layer on samples in sparse form.</summary>
    /// <param name="stateCount">The optimizer's values of state for a parameter.</param>
    /// <param name="severalChunks">Whether some batch has more than one chunk.</param>
    public abstract void RequirePanels(int stateCount, bool severalChunks);

    /// <summary><see cref="SparsePanels{TSimd, TVector}.Load"/>, before the first batch.</summary>
    public abstract void LoadFirst(StepTask task, int stateCount, int part, int parts);

    /// <summary><see cref="SparsePanels{TSimd, TVector}.Save"/>, behind the last batch.</summary>
    public abstract void SaveFirst(StepTask task, int stateCount, int part, int parts);

    /// <summary><see cref="SparsePanels{TSimd, TVector}.Forward"/></summary>
    public abstract void ForwardFirst(in Chunk chunk, int part, int parts);

    /// <summary>Layers behind the first forward, loss, and back again, with some rows of a chunk.</summary>
    /// <param name="chunk">The chunk, after <see cref="ForwardFirst"/>.</param>
    /// <param name="firstRow">The first row.</param>
    /// <param name="rows">Number of rows, at most <see cref="Block.Size"/>.</param>
    /// <param name="workspace">Memory for them.</param>
    /// <param name="scale">See <see cref="Loss"/>.</param>
    /// <param name="lossSum">See <see cref="Loss"/>.</param>
    /// <param name="correct">See <see cref="Loss"/>.</param>
    /// <param name="gradients">The portion's gradients.</param>
    /// <param name="clock">Times the layers.</param>
    public abstract void WalkRest(
        in Chunk chunk, int firstRow, int rows, Workspace workspace, float scale, ref double lossSum, ref int correct,
        float* gradients, PhaseClock? clock);

    /// <summary>
    /// <see cref="SparsePanels{TSimd, TVector}.Backward"/>, after <see cref="WalkRest"/> of all rows; behind the last chunk of a
    /// batch with the step of the first layer.
    /// </summary>
    /// <param name="chunk">The samples.</param>
    /// <param name="sums">The worker's memory for sums: [stride]</param>
    /// <param name="task">The step; nothing of portions.</param>
    /// <param name="optimizer">Steps; null where the gradients are only added up.</param>
    /// <param name="step">The number of the step.</param>
    /// <param name="part">Which part.</param>
    /// <param name="parts">Number of parts.</param>
    public abstract void BackwardFirst(
        in Chunk chunk, float* sums, StepTask task, Optimizer? optimizer, long step, int part, int parts);

    /// <summary>One worker's part of the end of a batch; the program knows the parameters.</summary>
    /// <param name="task">The part.</param>
    /// <param name="optimizer">Steps; null where the gradients are only added up.</param>
    /// <param name="step">The number of the step.</param>
    public abstract void Step(StepTask task, Optimizer? optimizer, long step);

    /// <summary>See <see cref="ClassSums{TSimd, TVector}.Add"/>.</summary>
    public abstract void AddSums(float* a, int stride, byte* labels, int rows, float* centers, float threshold, float* sums);

    /// <summary>See <see cref="Rows{TSimd, TVector}.Clamp"/>.</summary>
    public abstract void Clamp(float* source, int rows, int stride, float* lowest, float* highest, float* target);

    /// <summary><see cref="NodeClamps{TKind, TSimd, TVector}.Count"/> for the kind of sum that answers.</summary>
    public abstract NodeClampCounter CounterFor(NodeResponse response);

    public abstract void Dispose();
}

/// <inheritdoc/>
internal sealed unsafe class PlanBodies<TSimd, TVector> : PlanBodies
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private readonly float* _parameters;
    private readonly LayerBody[] _layers;
    private readonly SparseLinearBody<TSimd, TVector>? _sparseFirst;
    private SparsePanels<TSimd, TVector>? _panels;
    private readonly SoftmaxCrossEntropy<TSimd, TVector> _loss;

    public PlanBodies(NetworkPlan plan, float* parameters) : base(plan)
    {
        _parameters = parameters;
        _layers = [.. plan.Layers.Select(planned => planned.Layer.Accept(new BodyMaker(planned, parameters)))];
        if (plan.Layers[0].Layer is Linear)
            _sparseFirst = new SparseLinearBody<TSimd, TVector>(plan.Layers[0], parameters, plan.DeviceParameterCount);
        _loss = new SoftmaxCrossEntropy<TSimd, TVector>(plan.Classes, plan.Layers[^1].OutputStride);
    }

    public override int VectorBits => 32 * TSimd.Count;

    public override LayerBody Layer(int index, BlockedSamples samples) =>
        index == 0 && samples.Sparse is not null ? _sparseFirst! : _layers[index];

    public override void Prepare(BlockedSamples samples, int first, int part, int parts)
    {
        for (int i = first; i < _layers.Length; i++)
            Layer(i, samples).Prepare(samples, part, parts);
    }

    public override void LoadInput(in Block block, Workspace workspace)
    {
        if (block.Samples.Sparse is null)
            InputRows<TSimd, TVector>.Load(block, workspace.Input, Plan.Layers[0].InputStride);
    }

    public override void Forward(in Block block, Workspace workspace, int first, int last, PhaseClock? clock)
    {
        if (first == 0 && block.Samples.Sparse is null)
        {
            LoadInput(block, workspace);
            clock?.Mark(Phase.Load, count: block.Rows);
        }
        for (int i = first; i <= last; i++)
        {
            Layer(i, block.Samples).Forward(block, workspace.InputOf(i), workspace.OutputOf(i));
            clock?.Mark(Phase.Forward, i, block.Rows);
        }
    }

    public override void ForwardSums(in Block block, Workspace workspace, int layer) =>
        Layer(layer, block.Samples).ForwardSums(block, workspace.InputOf(layer), workspace.OutputOf(layer));

    public override void Loss(in Block block, Workspace workspace, float scale, ref double lossSum, ref int correct) =>
        _loss.Run(
            workspace.OutputOf(_layers.Length - 1), block.Samples.LabelsOf(block), block.Rows,
            workspace.OutputGradientOf(_layers.Length - 1), scale, ref lossSum, ref correct);

    public override int ClearGradients(BlockedSamples samples, int first, float* gradients)
    {
        int count = 0;
        for (int i = first; i < _layers.Length; i++)
            count += Layer(i, samples).ClearGradients(samples, gradients);
        return count;
    }

    public override void Backward(
        in Block block, Workspace workspace, int last, int first, float* inputGradient, float* gradients, PhaseClock? clock)
    {
        for (int i = last; i >= first; i--)
        {
            Layer(i, block.Samples).Backward(
                block, workspace.InputOf(i), workspace.OutputOf(i), workspace.OutputGradientOf(i),
                i > 0 ? workspace.OutputGradientOf(i - 1) : inputGradient, gradients);
            clock?.Mark(Phase.Backward, i, block.Rows);
        }
    }

    public override void FinishGradients(BlockedSamples samples, int first, float* gradients)
    {
        for (int i = first; i < _layers.Length; i++)
            Layer(i, samples).FinishGradients(samples, gradients);
    }

    public override void RequirePanels(int stateCount, bool severalChunks)
    {
        _panels ??= new SparsePanels<TSimd, TVector>(Plan.Layers[0], _parameters);
        _panels.Require(stateCount, severalChunks);
    }

    public override void LoadFirst(StepTask task, int stateCount, int part, int parts) =>
        _panels!.Load(Complete(task), stateCount, part, parts);

    public override void SaveFirst(StepTask task, int stateCount, int part, int parts) =>
        _panels!.Save(Complete(task), stateCount, part, parts);

    public override void ForwardFirst(in Chunk chunk, int part, int parts) => _panels!.Forward(chunk, part, parts);

    public override void WalkRest(
        in Chunk chunk, int firstRow, int rows, Workspace workspace, float scale, ref double lossSum, ref int correct,
        float* gradients, PhaseClock? clock)
    {
        int last = _layers.Length - 1;
        var block = new Block(chunk.Samples, chunk.First + firstRow, rows);
        _panels!.LoadOutput(firstRow, block.PaddedRows, workspace.OutputOf(0));
        Forward(block, workspace, 1, last, clock);
        Loss(block, workspace, scale, ref lossSum, ref correct);
        clock?.Mark(Phase.Loss, count: rows);
        Backward(block, workspace, last, first: 1, inputGradient: null, gradients, clock);
        _panels.SaveOutputGradient(firstRow, rows, workspace.OutputGradientOf(0));
    }

    public override void BackwardFirst(
        in Chunk chunk, float* sums, StepTask task, Optimizer? optimizer, long step, int part, int parts)
    {
        task = Complete(task);
        if (optimizer is null || !chunk.EndsBatch)
        {
            _panels!.Backward<SgdStep>(chunk, sums, task, null, part, parts);
            return;
        }
        var body = new FirstStep(_panels!, chunk, sums, task, part, parts);
        optimizer.Step(step, ref body);
    }

    public override void Step(StepTask task, Optimizer? optimizer, long step)
    {
        var body = new StepBody<TSimd, TVector>(Complete(task));
        if (optimizer is null)
            body.Sum();
        else
            optimizer.Step(step, ref body);
    }

    private StepTask Complete(StepTask task)
    {
        task.Parameters = _parameters;
        task.Count = Plan.DeviceParameterCount;
        return task;
    }

    public override void AddSums(float* a, int stride, byte* labels, int rows, float* centers, float threshold, float* sums) =>
        ClassSums<TSimd, TVector>.Add(a, stride, labels, rows, centers, threshold, sums);

    public override void Clamp(float* source, int rows, int stride, float* lowest, float* highest, float* target) =>
        Rows<TSimd, TVector>.Clamp(source, rows, stride, lowest, highest, target);

    public override NodeClampCounter CounterFor(NodeResponse response) => response.Accept(new CounterOfSum());

    public override void Dispose()
    {
        foreach (LayerBody layer in _layers)
            layer.Dispose();
        _sparseFirst?.Dispose();
        _panels?.Dispose();
        _loss.Dispose();
    }

    /// <summary>Takes the step of the first layer as soon as its gradients are complete.</summary>
    private readonly ref struct FirstStep(
        SparsePanels<TSimd, TVector> panels, Chunk chunk, float* sums, StepTask task, int part, int parts) : IStepTaker
    {
        private readonly StepTask _task = task;

        public void Take<TRule>(TRule rule) where TRule : struct, IStepRule =>
            panels.Backward<TRule>(chunk, sums, _task, rule, part, parts);
    }

    private sealed class CounterOfSum : IInputSumVisitor<NodeClampCounter>
    {
        public NodeClampCounter Sum<TKind>() where TKind : struct, IInputSum => NodeClamps<TKind, TSimd, TVector>.Count;
    }

    /// <summary>The body of a layer on dense samples.</summary>
    private sealed class BodyMaker(PlannedLayer planned, float* parameters) : ILayerVisitor<LayerBody>
    {
        public LayerBody Linear() => new LinearBody<TSimd, TVector>(planned, parameters);

        public LayerBody Elementwise<TOperation>() where TOperation : struct, IElementwise =>
            new ElementwiseBody<TOperation, TSimd, TVector>(planned, parameters);

        public LayerBody Prototypes<TKind>() where TKind : struct, IPrototypeKind =>
            new PrototypeBody<TKind, TSimd, TVector>(planned, parameters);
    }
}

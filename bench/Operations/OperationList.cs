using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Profiling;
using IlgpuDistance.Gpu.Simd;

namespace IlgpuDistance.Bench.Operations;

/// <summary>The operations of networks that together have every kind of layer.</summary>
internal static class OperationList
{
    /// <summary>As many samples as stay in the second-level cache in sparse form.</summary>
    private const int SampleCount = 1024;

    private static string[] Networks(int classes) =>
    [
        $"linear(128) > relu > linear({classes}, bias: false)",
        $"linear(128) > abs > offset-l2({classes}) > neg",
        $"linear(128) > abs > offset-l2({classes}, form: reference)",
        $"linear(128) > relu > point-slope({classes})",
    ];

    /// <summary>
    /// Times every operation once, on blocks of real samples; a layer that several networks have is timed once.
    /// </summary>
    public static IEnumerable<(Operation Operation, double SecondsPerUnit)> Measure(Samples train, int classes)
    {
        int count = Math.Min(SampleCount, train.Count);
        var samples = new Samples(train.Bytes[..(count * train.Width)], train.Labels[..count], train.Width, train.Scale,
            train.Shift);
        var seen = new HashSet<string>();
        using ComputeDevice device = ComputeDevice.Open("cpu", threads: 1);
        foreach (string network in Networks(classes))
        {
            var plan = NetworkPlan.Compile(Network.Parse(network), train.Width, classes);
            using var bodies = new NetworkBodies(plan);
            foreach (bool sparse in (bool[])[true, false])
            {
                using var prepared = new BlockedSamples(new ExecutorContract(plan, device), samples, count, allowSparse: sparse);
                foreach (Operation operation in Of(bodies, prepared, samples)
                    .Where(operation => !seen.Contains(operation.Name + operation.Direction)))
                {
                    seen.Add(operation.Name + operation.Direction);
                    yield return (operation, operation.MeasureSecondsPerUnit());
                }
            }
        }
    }

    /// <summary>
    /// The operations of one network. They share its memory: each is to be measured before the next is asked for.
    /// </summary>
    private static IEnumerable<Operation> Of(NetworkBodies bodies, BlockedSamples prepared, Samples samples)
    {
        NetworkPlan plan = bodies.Plan;
        int blocks = prepared.BlockStarts.Length - 1;
        double rows = (double)samples.Count / blocks;
        double nonZeros = prepared.Sparse is null ? plan.Inputs : Epochs.Workload.NonZeros(samples);
        Block Block(int call) => Gpu.Simd.Block.Of(prepared, call % blocks);

        bodies.Prepare(prepared);
        foreach (PlannedLayer layer in plan.Layers)
        {
            double inputs = layer.Index == 0 ? nonZeros : layer.Inputs;
            string name = NameOf(layer, prepared);
            bool streams = !layer.HasParameters;
            bodies.Load(Block(0));
            for (int i = 0; i < layer.Index; i++)
                bodies.Forward(i, Block(0));
            yield return new Operation(
                name, "forward", "sample", rows, LayerWork.ForwardFlop(layer, inputs), streams ? 8 * layer.Outputs : null,
                call => bodies.Forward(layer.Index, Block(call)));

            if (layer.Index == 0 && prepared.Sparse is not null)
            {
                bodies.WalkChunks(prepared);
                int chunks = prepared.BatchChunks[1];
                yield return new Operation(
                    name, "backward", "sample", (double)samples.Count / chunks, LayerWork.BackwardFlop(layer, inputs), null,
                    call => bodies.BackwardFirst(prepared, call % chunks));
                continue;
            }

            // The gradient that arrives at this layer; kept, because a layer may overwrite it.
            for (int i = layer.Index; i < plan.Layers.Count; i++)
                bodies.Forward(i, Block(0));
            bodies.Loss(Block(0));
            for (int i = plan.Layers.Count - 1; i > layer.Index; i--)
                bodies.Backward(i, Block(0));
            float[] gradient = bodies.OutputGradient(layer.Index).ToArray();
            bool overwrites = layer.Layer is OffsetL2;
            yield return new Operation(
                name, "backward", "sample", rows, LayerWork.BackwardFlop(layer, inputs), streams ? 12 * layer.Outputs : null,
                call =>
                {
                    if (overwrites)
                        gradient.CopyTo(bodies.OutputGradient(layer.Index));
                    bodies.Backward(layer.Index, Block(call));
                });
        }

        yield return new Operation(
            $"softmax cross-entropy {plan.Classes}", "both", "sample", rows, null, null, call => bodies.Loss(Block(call)));
        // The sums are zero: the parameters stay what they are.
        bodies.ClearGradients();
        foreach (int portions in (int[])[2, NetworkBodies.MostPortions])
        {
            yield return new Operation(
                $"step, {portions} portions", "", "parameter", plan.ParameterCount, portions + 1, 4 * (portions + 3),
                _ => bodies.Step(portions, 0.001f));
        }
    }

    private static string NameOf(PlannedLayer layer, BlockedSamples samples)
    {
        string form = layer.Index > 0 ? "" : samples.Sparse is null ? ", dense" : ", sparse";
        string kind = layer.Layer switch
        {
            OffsetL2 { Form: OffsetL2Form.Reference } => "OffsetL2 (reference form)",
            var other => other.GetType().Name,
        };
        return !layer.HasParameters ? $"{kind} {layer.Outputs}" : $"{kind} {layer.Inputs}→{layer.Outputs}{form}";
    }
}

using ILGPU;
using ILGPU.Runtime;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Executors;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>
/// Counts right predictions where a layer's outputs are clamped. A clamp of one node before the last stage changes one term of
/// the stage's sums: one launch does very many of them. Any other clamp is a pass through the rest of the network: as many
/// launches as that has stages, and two more. Nothing waits for the device but the reading of the counts of many clamps.
/// </summary>
/// <param name="executor">Holds the parameters and the workspace.</param>
/// <param name="samples">The samples.</param>
/// <param name="activations">The layer's outputs.</param>
/// <param name="tail">What comes behind the layer.</param>
internal sealed class Clamps(KernelExecutor executor, UploadedSamples samples, Activations activations, StageTail tail)
{
    /// <summary>Passes whose partial metrics are on the device at the same time: 3 MB for chunks of 65,536 samples.</summary>
    private const int MostPasses = 256;

    /// <summary>Partial counts that are on the device at the same time: 64 MB.</summary>
    private const int MostPartialCounts = 1 << 24;

    private readonly KernelQueue _queue = executor.Queue;

    /// <summary>Right predictions for each clamp, whose nodes exist.</summary>
    public int[] CountCorrect(Clamp[] clamps)
    {
        int[] correct = new int[clamps.Length];
        void Count(IEnumerable<int> indices, int most, Func<Clamp[], int[]> count)
        {
            foreach (int[] batch in indices.Chunk(most))
            {
                int[] counts = count([.. batch.Select(index => clamps[index])]);
                for (int n = 0; n < batch.Length; n++)
                    correct[batch[n]] = counts[n];
            }
        }

        NodeResponse? response = Response();
        Kernel<NodeClampArguments>? kernel = response?.Accept(new NodeClampKernel(response.Weights.Any(weight => weight < 0)));
        ILookup<bool, int> isOfTerm = Enumerable.Range(0, clamps.Length)
            .ToLookup(n => kernel is not null && clamps[n].Node != Clamp.AllNodes);
        Count(isOfTerm[true], Math.Max(1, MostPartialCounts / SampleSlices.WantedCount(samples.Count, groups: 1)),
            batch => CountByTerms(batch, response!, kernel!));
        Count(isOfTerm[false], MostPasses, CountByPasses);
        return correct;
    }

    /// <summary>Clamps the outputs and runs the rest of the network, for each clamp.</summary>
    private int[] CountByPasses(Clamp[] clamps)
    {
        Workspace workspace = executor.EvaluationWorkspace(samples.Count);
        int groups = SoftmaxCrossEntropyKernels.Groups(workspace.Rows), stride = activations.Stride;
        // The workspace's rows leave half of what an evaluation might take, so that there is room for these.
        using MemoryBuffer1D<float, Stride1D.Dense> clamped = _queue.Accelerator.Take<float>((long)workspace.Rows * stride);
        using MemoryBuffer1D<PartialMetrics, Stride1D.Dense> metrics =
            _queue.Accelerator.Take<PartialMetrics>((long)clamps.Length * groups);
        metrics.MemSetToZero();
        foreach (var (first, rows) in Chunks(workspace))
        {
            for (int n = 0; n < clamps.Length; n++)
            {
                ClampKernels.Launch(_queue, activations.Rows(first, rows), clamped.View, Activation.Identity, clamps[n], rows,
                    stride, activations.Width);
                ArrayView<float> stored = tail.Forward(clamped.View, rows, workspace, executor.Parameters);
                SoftmaxCrossEntropyKernels.Launch(
                    _queue,
                    new(
                        stored, samples.Labels(first, rows), ArrayView<float>.Empty,
                        metrics.View.SubView((long)n * groups, groups), tail.Tail.After, rows,
                        executor.Plan.Classes, executor.Plan.Layers[^1].OutputStride, Scale: 0));
            }
        }
        int[] correct = new int[clamps.Length];
        PartialMetrics[] partials = metrics.GetAsArray1D();
        for (int n = 0; n < partials.Length; n++)
            correct[n / groups] += partials[n].Correct;
        return correct;
    }

    /// <summary>Runs the only stage once, and changes its sums by one term for each clamp.</summary>
    /// <param name="clamps">Clamps of one node.</param>
    /// <param name="response">How the stage answers.</param>
    /// <param name="kernel">The kernel for its kind.</param>
    private int[] CountByTerms(Clamp[] clamps, NodeResponse response, Kernel<NodeClampArguments> kernel)
    {
        NodeTerm[] terms = [.. response.Weights.Zip(response.Points, (weight, point) => new NodeTerm(weight, point))];
        Workspace workspace = executor.EvaluationWorkspace(samples.Count);
        int groups = Tiles.Groups(clamps.Length), stride = executor.Plan.Layers[^1].OutputStride, classes = executor.Plan.Classes;
        int[] correct = new int[clamps.Length];
        using MemoryBuffer1D<Clamp, Stride1D.Dense> clampsOnDevice = _queue.Accelerator.Take(clamps);
        using MemoryBuffer1D<NodeTerm, Stride1D.Dense> termsOnDevice = _queue.Accelerator.Take(terms);
        foreach (var (first, rows) in Chunks(workspace))
        {
            var slices = SampleSlices.Of(rows, groups);
            using MemoryBuffer1D<int, Stride1D.Dense> counts = _queue.Accelerator.Take<int>((long)slices.Count * clamps.Length);
            ArrayView<float> outputs = tail.Forward(activations.Rows(first, rows), rows, workspace, executor.Parameters);
            _queue.Launch(
                kernel, groups, slices.Count,
                new(
                    activations.Rows(first, rows), outputs, samples.Labels(first, rows), clampsOnDevice.View, termsOnDevice.View,
                    counts.View,
                    tail.Tail.Before, tail.Tail.After, slices.Rows, activations.Stride, stride, classes),
                new WorkShape(rows, clamps.Length, classes, slices.Count));
            int[] partials = counts.GetAsArray1D();
            for (int n = 0; n < partials.Length; n++)
                correct[n % clamps.Length] += partials[n];
        }
        return correct;
    }

    /// <summary>How the only stage answers to a node; null where there is none or several.</summary>
    private NodeResponse? Response()
    {
        if (tail.Tail.Layers.Count != 1)
            return null;
        float[] parameters = new float[executor.Plan.ParameterCount];
        executor.GetParameters(parameters);
        return new NodeResponse(activations.Layer, tail.Tail, parameters);
    }

    /// <summary>Consecutive samples that go through the network at a time.</summary>
    private IEnumerable<(int First, int Rows)> Chunks(Workspace workspace)
    {
        for (int first = 0; first < samples.Count; first += workspace.Rows)
            yield return (first, Math.Min(workspace.Rows, samples.Count - first));
    }
}

using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Training.Loop;

/// <summary>
/// The random part of mini-batch training. The samples are divided into batches once, in a random order, and each epoch
/// visits the batches in a new one. Both follow from the seed, the run and the epoch's number alone, so that a training can
/// be taken up again at any epoch.
/// </summary>
internal static class SampleOrder
{
    /// <summary>The samples in the order in which they are divided into batches.</summary>
    public static Samples Shuffled(Samples samples, long seed, int run) => samples.InOrder(
        new RandomSequence((ulong)seed, run, RandomPurpose.SampleOrder, 0).Permutation(samples.Count));

    /// <summary>The order in which an epoch visits the batches.</summary>
    public static int[] OfBatches(int batches, long seed, int run, int epoch) =>
        new RandomSequence((ulong)seed, run, RandomPurpose.BatchOrder, epoch).Permutation(batches);
}

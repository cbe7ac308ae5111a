namespace IlgpuDistance.Training.Models;

/// <summary>What random numbers are drawn for; sequences of different purposes are independent.</summary>
/// <remarks>The numbers are part of what a seed means: changing them changes every result.</remarks>
internal enum RandomPurpose
{
    /// <summary>Weights of Linear and slopes of PointSlope; the sequence's index is that of the layer.</summary>
    Weight = 0,

    /// <summary>Biases of Linear; the sequence's index is that of the layer.</summary>
    Bias = 1,

    /// <summary>Prototypes of OffsetL2; the sequence's index is that of the layer.</summary>
    Prototype = 2,

    /// <summary>The division of the samples into batches; the sequence's index is 0.</summary>
    SampleOrder = 3,

    /// <summary>The order of the batches; the sequence's index is the epoch.</summary>
    BatchOrder = 4,
}

/// <summary>Random numbers by position: every one depends only on (seed, run, purpose, index, position).</summary>
/// <param name="Seed">The seed of all runs.</param>
/// <param name="Run">Which of several runs with this seed, counted from 0.</param>
/// <param name="Purpose">What the numbers are for.</param>
/// <param name="Index">Which sequence of this purpose.</param>
internal readonly record struct RandomSequence(ulong Seed, int Run, RandomPurpose Purpose, int Index)
{
    private const double Resolution = 1.0 / (1L << 32);

    /// <summary>32 random bits.</summary>
    public uint Bits(int position)
    {
        var (x0, x1, x2, x3) = Philox.Words(Seed, (uint)position / 4, (uint)Index, (uint)Run, (uint)Purpose);
        return (position & 3) switch { 0 => x0, 1 => x1, 2 => x2, _ => x3 };
    }

    /// <summary>A uniform value strictly between 0 and 1, one of 2³².</summary>
    public double Uniform(int position) => (Bits(position) + 0.5) * Resolution;

    /// <summary>
    /// A standard normal value, by Box and Muller's transform of the uniform values at the even position and after it.
    /// </summary>
    public double Normal(int position)
    {
        double radius = Math.Sqrt(-2 * Math.Log(Uniform(position & ~1)));
        double angle = 2 * Math.PI * Uniform(position | 1);
        return radius * ((position & 1) == 0 ? Math.Cos(angle) : Math.Sin(angle));
    }

    /// <summary>A random order of 0 .. <paramref name="count"/> − 1 (Fisher and Yates).</summary>
    public int[] Permutation(int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        for (int i = count - 1; i > 0; i--)
        {
            // The product's high word is uniform on 0 .. i up to a bias below i / 2³², far below what a run could show.
            int other = (int)(((ulong)Bits(i) * (uint)(i + 1)) >> 32);
            (order[i], order[other]) = (order[other], order[i]);
        }
        return order;
    }
}

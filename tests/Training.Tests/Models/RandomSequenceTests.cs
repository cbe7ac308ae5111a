using CsCheck;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Training.Tests.Models;

public class RandomSequenceTests
{
    private const int Draws = 40_000;
    private static readonly RandomSequence Sequence = new(7, 0, RandomPurpose.Weight, 0);

    [Fact]
    public void Bits_are_the_words_of_successive_blocks_in_order()
    {
        var sequence = new RandomSequence(0xa4093822_299f31d0, 5, RandomPurpose.BatchOrder, 9);
        var first = Philox.Words(0xa4093822_299f31d0, 0, 9, 5, 4);
        var second = Philox.Words(0xa4093822_299f31d0, 1, 9, 5, 4);
        Assert.Equal(
            [first.X0, first.X1, first.X2, first.X3, second.X0, second.X1],
            Enumerable.Range(0, 6).Select(sequence.Bits));
    }

    [Fact]
    public void Uniform_values_have_the_moments_of_the_uniform_distribution()
    {
        double[] values = [.. Enumerable.Range(0, Draws).Select(Sequence.Uniform)];
        Assert.All(values, value => Assert.InRange(value, double.Epsilon, 1 - 1e-16));
        Assert.Equal(0.5, values.Average(), 0.01);
        Assert.Equal(1 / 12.0, values.Average(value => (value - 0.5) * (value - 0.5)), 0.002);
    }

    [Fact]
    public void Normal_values_have_the_moments_of_the_normal_distribution()
    {
        double[] values = [.. Enumerable.Range(0, Draws).Select(Sequence.Normal)];
        Assert.Equal(0, values.Average(), 0.02);
        Assert.Equal(1, values.Average(value => value * value), 0.03);
        Assert.Equal(3, values.Average(value => Math.Pow(value, 4)), 0.2);
        // The two values of one pair are independent.
        Assert.Equal(0, values.Chunk(2).Average(pair => pair[0] * pair[1]), 0.03);
        Assert.Equal(0.6827, values.Count(value => Math.Abs(value) < 1) / (double)Draws, 0.01);
    }

    [Fact]
    public void A_permutation_holds_every_number_once() =>
        Gen.Select(Gen.Int[0, 300], Gen.ULong, Gen.Int[0, 1000]).Sample((count, seed, index) =>
            new RandomSequence(seed, 0, RandomPurpose.BatchOrder, index).Permutation(count).Order()
                .SequenceEqual(Enumerable.Range(0, count)));

    [Fact]
    public void All_orders_of_three_are_equally_likely()
    {
        const int Permutations = 12_000;
        var counts = Enumerable.Range(0, Permutations)
            .Select(index => string.Join("", new RandomSequence(1, 0, RandomPurpose.BatchOrder, index).Permutation(3)))
            .CountBy(order => order).ToDictionary();
        Assert.Equal(6, counts.Count);
        // Five standard deviations of a binomial count around its mean of 2,000.
        Assert.All(counts.Values, count => Assert.InRange(count, 1796, 2204));
    }

    [Fact]
    public void Sequences_that_differ_in_anything_differ()
    {
        RandomSequence[] sequences =
        [
            Sequence, Sequence with { Seed = 8 }, Sequence with { Seed = 7 + (1UL << 40) }, Sequence with { Run = 1 },
            Sequence with { Purpose = RandomPurpose.Bias }, Sequence with { Index = 1 },
        ];
        Assert.Equal(sequences.Length, sequences.Select(sequence => (sequence.Bits(0), sequence.Bits(1))).Distinct().Count());
    }
}

using IlgpuDistance.Gpu.Simd;

namespace IlgpuDistance.Gpu.Tests.Executors;

public sealed class SimilarityOrderTests
{
    [Theory]
    [InlineData(1, 9)]
    [InlineData(443, 65)]
    [InlineData(5000, 784)]
    public void Every_item_stays_exactly_once(int count, int width)
    {
        var random = new Random(1);
        byte[] bytes = [.. Enumerable.Range(0, count * width).Select(_ => (byte)Math.Max(0, random.Next(-400, 100)))];
        int[] order = [.. Enumerable.Range(0, count)];
        SimilarityOrder.Sort(BitRows.Of(bytes, width), order);
        Assert.Equal(Enumerable.Range(0, count), order.Order());
    }

    [Fact]
    public void Equal_items_end_up_in_the_same_groups_of_four()
    {
        // 600 different patterns, four times each, shuffled.
        const int Patterns = 600, Width = 100;
        var random = new Random(2);
        byte[][] patterns = [.. Enumerable.Range(0, Patterns).Select(_ =>
            Enumerable.Range(0, Width).Select(_ => (byte)random.Next(2)).ToArray())];
        int[] pattern = [.. Enumerable.Range(0, 4 * Patterns).Select(n => n % Patterns)];
        random.Shuffle(pattern);
        int[] order = [.. Enumerable.Range(0, pattern.Length)];

        SimilarityOrder.Sort(BitRows.Of(pattern.SelectMany(p => patterns[p]).ToArray(), Width), order);

        int whole = order.Chunk(4).Count(group => group.Select(n => pattern[n]).Distinct().Count() == 1);
        // A division can part a group where it moves to a multiple of four.
        Assert.InRange(whole, Patterns * 95 / 100, Patterns);
    }

    [Fact]
    public void Items_that_are_all_alike_are_divided_all_the_same()
    {
        int[] order = [.. Enumerable.Range(0, 2001)];
        SimilarityOrder.Sort(BitRows.Of(new byte[2001 * 3], 3), order);
        Assert.Equal(Enumerable.Range(0, 2001), order.Order());
    }
}

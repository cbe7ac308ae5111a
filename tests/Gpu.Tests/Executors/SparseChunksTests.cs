using IlgpuDistance.Gpu.Simd;

namespace IlgpuDistance.Gpu.Tests.Executors;

public sealed unsafe class SparseChunksTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(130, 3)]
    [InlineData(67, 63)]
    [InlineData(64, 64)]
    [InlineData(300, 130)]
    public void Columns_give_the_bytes_back_by_runs_and_in_ascending_order(int count, int width)
    {
        var random = new Random(count + width);
        byte[] bytes = [.. Enumerable.Range(0, count * width).Select(_ => (byte)Math.Max(0, random.Next(-600, 256)))];
        int[] order = [.. Enumerable.Range(0, count)];
        random.Shuffle(order);
        // A short block in the middle too.
        int[] blockStarts = count < 200 ? [.. Starts(0, count), count] : [0, 100, .. Starts(100, count), count];
        int Byte(int sample, int pixel) => sample < count && pixel < width ? bytes[order[sample] * width + pixel] : 0;

        using var sparse = new SparseChunks(bytes, BitRows.Of(bytes, width), order, blockStarts);

        for (int block = 0; block + 1 < blockStarts.Length; block++)
        {
            int first = blockStarts[block], end = blockStarts[block + 1];
            for (int quad = 0; 4 * quad < end - first; quad++)
            {
                int[][] rows = [.. Enumerable.Range(first + 4 * quad, 4).Select(sample =>
                    Enumerable.Range(0, width).Select(pixel => sample < end ? Byte(sample, pixel) : 0).ToArray())];
                AssertColumns(rows, sparse.SampleQuad(block, quad));
            }
            for (int quad = 0; quad < sparse.PixelQuads; quad++)
            {
                int[][] rows = [.. Enumerable.Range(4 * quad, 4).Select(pixel =>
                    Enumerable.Range(first, end - first).Select(sample => Byte(sample, pixel)).ToArray())];
                AssertColumns(rows, sparse.PixelQuad(block, quad));
            }
        }
        Assert.Equal((width + 3) / 4, sparse.PixelQuads);
    }

    private static IEnumerable<int> Starts(int first, int end)
    {
        for (; first < end; first += Block.Size)
            yield return first;
    }

    private static void AssertColumns(int[][] rows, SparseColumns columns)
    {
        var expected = Enumerable.Range(0, rows[0].Length).Select(column => new SparseColumn(
            (uint)(rows[0][column] | rows[1][column] << 8 | rows[2][column] << 16 | rows[3][column] << 24), (ushort)column))
            .Where(column => column.Values != 0).ToLookup(
                column => (Upper: (column.Values & 0xFFFF) != 0, Lower: column.Values >> 16 != 0));
        // Few columns of two rows alone are with those of all four.
        IEnumerable<SparseColumn> Long((bool, bool) rows) =>
            expected[rows].Count() < ChunkColumns.ShortestRun ? [] : expected[rows];
        SparseColumn[] upper = [.. Long((true, false))], lower = [.. Long((false, true))];
        Assert.Equal(upper, Run(columns.First, columns.EndOfUpper));
        Assert.Equal(lower, Run(columns.EndOfUpper, columns.EndOfLower));
        Assert.Equal(
            expected.SelectMany(group => group).Except(upper).Except(lower).OrderBy(column => column.Column),
            Run(columns.EndOfLower, columns.End));
    }

    private static SparseColumn[] Run(SparseColumn* first, SparseColumn* end) =>
        new ReadOnlySpan<SparseColumn>(first, (int)(end - first)).ToArray();
}

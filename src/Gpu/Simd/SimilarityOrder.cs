using System.Numerics;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// An order in which each four neighbours are alike: their bits are set in mostly the same places. The four rows of a sparse
/// product then share most of their columns, and with them the loads of the other factor.
/// </summary>
/// <remarks>
/// Items are divided by the bit that halves them best until at most <see cref="Window"/> are left; among these, groups of
/// four are formed one after the other, each time adding the item that is most like the group.
/// </remarks>
internal static class SimilarityOrder
{
    private const int Window = 512;

    /// <summary>Orders items, which are numbers of rows of <paramref name="bits"/>.</summary>
    public static void Sort(BitRows bits, Memory<int> items)
    {
        if (items.Length <= Window)
        {
            GroupByFour(bits, items.Span);
            return;
        }
        int middle = Divide(bits, items.Span);
        Parallel.Invoke(() => Sort(bits, items[..middle]), () => Sort(bits, items[middle..]));
    }

    /// <summary>Brings items without a bit before those with it, and returns where to divide them.</summary>
    private static int Divide(BitRows bits, Span<int> items)
    {
        int bit = MostEvenBit(bits, items), middle = 0;
        for (int i = 0; i < items.Length; i++)
        {
            if ((bits[items[i]][bit >> 6] >> bit & 1) == 0)
            {
                (items[middle], items[i]) = (items[i], items[middle]);
                middle++;
            }
        }
        // Where no bit divides the items they are all alike, and any division will do. Multiples of four keep groups whole.
        if (middle == 0 || middle == items.Length)
            middle = items.Length / 2;
        return Math.Clamp((middle + 2) / 4 * 4, 4, (items.Length - 1) / 4 * 4);
    }

    private static int MostEvenBit(BitRows bits, ReadOnlySpan<int> items)
    {
        int[] counts = new int[bits.Bits];
        // A sample is enough to find a good bit.
        int step = Math.Max(1, items.Length / 256), seen = 0;
        for (int i = 0; i < items.Length; i += step, seen++)
        {
            ReadOnlySpan<ulong> row = bits[items[i]];
            for (int w = 0; w < row.Length; w++)
            {
                for (ulong word = row[w]; word != 0; word &= word - 1)
                    counts[64 * w + BitOperations.TrailingZeroCount(word)]++;
            }
        }
        int best = 0;
        for (int bit = 1; bit < counts.Length; bit++)
        {
            if (Math.Abs(2 * counts[bit] - seen) < Math.Abs(2 * counts[best] - seen))
                best = bit;
        }
        return best;
    }

    /// <summary>Brings pairs together, and then pairs of pairs.</summary>
    private static void GroupByFour(BitRows bits, Span<int> items)
    {
        int words = bits[0].Length, pairs = items.Length / 2;
        ulong[] rows = new ulong[items.Length * words];
        for (int i = 0; i < items.Length; i++)
            bits[items[i]].CopyTo(rows.AsSpan(i * words));
        Pair(rows, words, items, width: 1);
        for (int p = 0; p < pairs; p++)
        {
            for (int w = 0; w < words; w++)
                rows[p * words + w] = bits[items[2 * p]][w] | bits[items[2 * p + 1]][w];
        }
        Pair(rows, words, items[..(2 * pairs)], width: 2);
    }

    /// <summary>Makes a neighbour of each first group of items that is left the one that is most like it.</summary>
    /// <param name="rows">The bits that are set in some item of each group: [groups, words]. They move with their groups.</param>
    /// <param name="words">Words per row.</param>
    /// <param name="items">[groups, width]</param>
    /// <param name="width">Items in a group.</param>
    private static void Pair(Span<ulong> rows, int words, Span<int> items, int width)
    {
        int groups = items.Length / width;
        Span<int> sizes = stackalloc int[Window];
        for (int i = 0; i < groups; i++)
            sizes[i] = BitRows.Common(rows.Slice(i * words, words), rows.Slice(i * words, words));
        for (int i = 0; i + 2 < groups; i += 2)
        {
            int best = i + 1;
            ReadOnlySpan<ulong> row = rows.Slice(i * words, words);
            // Likeness is the share of common bits in all that are set; fractions are compared without a division.
            long bestCommon = -1, bestUnion = 1;
            for (int other = i + 1; other < groups; other++)
            {
                int common = BitRows.Common(row, rows.Slice(other * words, words));
                int union = sizes[i] + sizes[other] - common;
                if (common * bestUnion > bestCommon * union)
                    (best, bestCommon, bestUnion) = (other, common, union);
            }
            (sizes[i + 1], sizes[best]) = (sizes[best], sizes[i + 1]);
            Swap(rows, words, i + 1, best);
            Swap(items, width, i + 1, best);
        }
    }

    private static void Swap<T>(Span<T> values, int width, int first, int second)
    {
        for (int n = 0; n < width; n++)
            (values[first * width + n], values[second * width + n]) = (values[second * width + n], values[first * width + n]);
    }
}

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
        int step = Math.Max(1, items.Length / 1024), seen = 0;
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

    private static void GroupByFour(BitRows bits, Span<int> items)
    {
        Span<int> sizes = stackalloc int[Window];
        ulong[] union = new ulong[bits[items[0]].Length];
        for (int i = 0; i < items.Length; i++)
            sizes[i] = BitRows.Common(bits[items[i]], bits[items[i]]);
        for (int i = 0; i < items.Length - 1; i++)
        {
            if (i % 4 == 0)
            {
                Array.Clear(union);
            }
            else
            {
                int unionSize = BitRows.Common(union, union), best = i;
                double bestLikeness = -1;
                for (int other = i; other < items.Length; other++)
                {
                    int common = BitRows.Common(union, bits[items[other]]);
                    double likeness = (double)common / (unionSize + sizes[other] - common);
                    if (likeness > bestLikeness)
                        (best, bestLikeness) = (other, likeness);
                }
                (items[i], items[best]) = (items[best], items[i]);
                (sizes[i], sizes[best]) = (sizes[best], sizes[i]);
            }
            ReadOnlySpan<ulong> row = bits[items[i]];
            for (int w = 0; w < union.Length; w++)
                union[w] |= row[w];
        }
    }
}

namespace IlgpuDistance.Gpu.Simd;

/// <summary>Sorts the numbers 0..count by a key each, byte by byte; where keys are equal the numbers remain in order.</summary>
/// <param name="count">How many there are.</param>
internal sealed class RadixSort(int count)
{
    private readonly int[] _starts = new int[256];
    private uint[] _keys = new uint[count], _otherKeys = new uint[count];
    private int[] _items = new int[count], _otherItems = new int[count];

    /// <summary>The keys: before <see cref="Run"/> those of 0..count, after it in ascending order.</summary>
    public Span<uint> Keys => _keys;

    /// <summary>After <see cref="Run"/> the numbers in the order of their keys.</summary>
    public ReadOnlySpan<int> Items => _items;

    /// <summary>A key that stands to others as the value to theirs; zeros of either sign have the same.</summary>
    public static uint KeyOf(float value)
    {
        int bits = BitConverter.SingleToInt32Bits(value + 0f);
        return bits < 0 ? ~(uint)bits : (uint)bits | 0x8000_0000;
    }

    /// <summary>Sorts.</summary>
    public void Run()
    {
        for (int i = 0; i < _items.Length; i++)
            _items[i] = i;
        for (int shift = 0; shift < 32; shift += 8)
        {
            Array.Clear(_starts);
            foreach (uint key in _keys)
                _starts[(byte)(key >> shift)]++;
            int start = 0;
            for (int digit = 0; digit < _starts.Length; digit++)
                (_starts[digit], start) = (start, start + _starts[digit]);
            for (int i = 0; i < _keys.Length; i++)
            {
                int to = _starts[(byte)(_keys[i] >> shift)]++;
                (_otherKeys[to], _otherItems[to]) = (_keys[i], _items[i]);
            }
            (_keys, _otherKeys) = (_otherKeys, _keys);
            (_items, _otherItems) = (_otherItems, _items);
        }
    }
}

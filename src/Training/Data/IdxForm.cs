namespace IlgpuDistance.Training.Data;

/// <summary>What the magic number of an IDX file says.</summary>
/// <param name="Type">The code of the values' type.</param>
/// <param name="Rank">Number of dimensions.</param>
internal readonly record struct IdxForm(byte Type, byte Rank)
{
    private const byte UnsignedByte = 0x08, Int32 = 0x0C;

    /// <summary>Grey values: [images, rows, columns].</summary>
    public static readonly IdxForm Images = new(UnsignedByte, 3);

    /// <summary>The class of each image: [images].</summary>
    public static readonly IdxForm Labels = new(UnsignedByte, 1);

    /// <summary>
    /// The labels of QMNIST: [images, 8]; column 0 is the class, the others say who wrote the digit and where it comes from.
    /// </summary>
    public static readonly IdxForm ExtendedLabels = new(Int32, 2);

    /// <summary>The magic number.</summary>
    public int Magic => Type << 8 | Rank;

    /// <summary>Length of the header.</summary>
    public int HeaderBytes => 4 + 4 * Rank;

    /// <summary>Bytes of a value, of the types that are read.</summary>
    public int BytesPerValue => Type == Int32 ? sizeof(int) : sizeof(byte);

    /// <summary>What such a file holds, in words.</summary>
    public override string ToString()
    {
        if (this == Images)
            return "images";
        if (this == Labels)
            return "labels";
        string name = Type switch
        {
            UnsignedByte => "unsigned bytes",
            0x09 => "signed bytes",
            0x0B => "16-bit integers",
            Int32 => "32-bit integers",
            0x0D => "32-bit floats",
            0x0E => "64-bit floats",
            _ => $"unknown type 0x{Type:X2}",
        };
        return $"{name} with {Rank} dimensions";
    }
}

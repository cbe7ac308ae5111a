using System.IO.Compression;

namespace IlgpuDistance.Training.Data;

/// <summary>
/// The data set that works without network and disk: 1,797 handwritten digits of 8×8 pixels (E. Alpaydin and C. Kaynak,
/// "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository, 1998, CC BY 4.0). Not MNIST.
/// </summary>
/// <remarks>
/// Every fifth image of each class is tested on, the others are trained on. The rows come writer by writer in repeating
/// sequences of the ten digits: a block at the end would be other people's hands, and every fifth row unbalanced.
/// </remarks>
internal static class BuiltInDigits
{
    /// <summary>What the data set is called.</summary>
    public const string Name = "digits";

    /// <summary>Where it lies.</summary>
    internal const string Location = "built into the program";

    private const string File = "digits.csv";
    private const int Count = 1797;
    private const int TestEvery = 5;
    private const int Classes = 10;
    private const int Side = 8;
    private const int LargestValue = 16;
    private const string PublishedMd5 = "a0339c30a8a5312a1b6f9e5c719dcce5";

    /// <summary>Reads the data set out of the program.</summary>
    /// <param name="classes">Number of classes; null for ten.</param>
    /// <exception cref="Gpu.Errors.InputException">There are more classes in the data.</exception>
    public static Dataset Read(int? classes = null)
    {
        byte[] csv = ReadResource();
        var pixels = new byte[Count * Side * Side];
        var labels = new byte[Count];
        Parse(csv, pixels, labels);

        int[] seen = new int[Classes];
        ILookup<bool, int> rows = Enumerable.Range(0, Count).ToLookup(row => ++seen[labels[row]] % TestEvery == 0);
        ImageSet Part(bool isTest) => new(
            rows[isTest].SelectMany(row => pixels.AsSpan(row * Side * Side, Side * Side).ToArray()).ToArray(),
            rows[isTest].Select(row => labels[row]).ToArray(), Side, Side);
        ImageSet train = Part(isTest: false), test = Part(isTest: true);
        var count = ClassCount.Of(new LabelledFile(File, train.Labels), new LabelledFile(File, test.Labels), classes);
        return new Dataset
        {
            Name = Name,
            Location = Location,
            Train = train,
            Test = test,
            Classes = count.Classes,
            Warnings = count.Warnings,
            Files = [new DataFile(File, csv.Length, Md5Sum.Of(csv), PublishedMd5)],
        };
    }

    private static byte[] ReadResource()
    {
        using Stream resource = typeof(BuiltInDigits).Assembly.GetManifestResourceStream("digits.csv.gz")!;
        using var contents = new GZipStream(resource, CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        contents.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>Rows of 64 pixels in 0 to 16, which become 0 to 255, and a label.</summary>
    private static void Parse(ReadOnlySpan<byte> csv, Span<byte> pixels, Span<byte> labels)
    {
        int row = 0, column = 0, value = 0;
        foreach (byte symbol in csv)
        {
            if (char.IsAsciiDigit((char)symbol))
            {
                value = 10 * value + symbol - '0';
            }
            else if (symbol == ',')
            {
                pixels[row * Side * Side + column++] = (byte)((value * 255 + LargestValue / 2) / LargestValue);
                value = 0;
            }
            else if (symbol == '\n')
            {
                labels[row++] = (byte)value;
                column = value = 0;
            }
        }
    }
}

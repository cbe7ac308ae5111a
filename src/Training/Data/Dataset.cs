using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Executors;

namespace IlgpuDistance.Training.Data;

/// <summary>
/// Images to train on and images to test on, of the same size, with all labels below <see cref="Classes"/>.
/// </summary>
public sealed class Dataset
{
    private const string TransposedSuffix = ", transposed";

    private readonly Lazy<PixelStatistics> _statistics;

    /// <summary>What the data is called, e.g. <c>MNIST</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Where the data lies: a folder, or that it is built in.</summary>
    public required string Location { get; init; }

    /// <summary>The images to train on.</summary>
    public required ImageSet Train { get; init; }

    /// <summary>The images to test on.</summary>
    public required ImageSet Test { get; init; }

    /// <summary>Number of classes, at least 2.</summary>
    public required int Classes { get; init; }

    /// <summary>The files that the data was read from.</summary>
    internal IReadOnlyList<DataFile> Files { get; init; } = [];

    /// <summary>What is odd about the data and may be meant so; one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Statistics of the pixels of <see cref="Train"/>.</summary>
    public PixelStatistics Statistics => _statistics.Value;

    /// <summary>A data set; see the properties.</summary>
    public Dataset() => _statistics = new Lazy<PixelStatistics>(() => PixelStatistics.Of(Train!));

    /// <summary>Reads the four IDX files of a data set, plain or <c>.gz</c>.</summary>
    /// <param name="folder">The folder that has them.</param>
    /// <param name="classes">Number of classes; null means as many as the largest training label says.</param>
    /// <exception cref="InputException">The folder or a file cannot be used.</exception>
    public static Dataset Read(string folder, int? classes = null) => DatasetFolder.Read(folder, classes: classes);

    /// <summary>Reads the built-in data set: 1,797 digits of 8×8.</summary>
    public static Dataset ReadDigits() => BuiltInDigits.Read();

    /// <summary>The training set as samples of a network.</summary>
    /// <exception cref="InputException">A training set with a single grey value is to be standardized.</exception>
    public Samples TrainSamples(InputScaling scaling) => Train.ToSamples(ScalingOf(scaling));

    /// <summary>The test set as samples of a network, scaled with the statistics of the training set.</summary>
    /// <exception cref="InputException">A training set with a single grey value is to be standardized.</exception>
    public Samples TestSamples(InputScaling scaling) => Test.ToSamples(ScalingOf(scaling));

    /// <summary>What comparing one of <see cref="Files"/> with the published contents says.</summary>
    internal FileVerdict VerdictOf(DataFile file) =>
        file.IsPublished ? FileVerdict.Published :
        Files.Any(other => other.IsPublished) ? FileVerdict.Differs :
        FileVerdict.Unknown;

    /// <summary>The same data with rows and columns of all images swapped, which its name says.</summary>
    public Dataset Transposed() => new()
    {
        Name = Name + TransposedSuffix,
        Location = Location,
        Train = Train.Transposed(),
        Test = Test.Transposed(),
        Classes = Classes,
        Warnings = Warnings,
        Files = Files,
    };

    /// <summary>Whether a data set's name says that rows and columns of its images were swapped.</summary>
    internal static bool IsTransposed(string name) => name.EndsWith(TransposedSuffix, StringComparison.Ordinal);

    /// <summary>A data set's name without what says that rows and columns of its images were swapped.</summary>
    internal static string Upright(string name) => IsTransposed(name) ? name[..^TransposedSuffix.Length] : name;

    private PixelScaling ScalingOf(InputScaling scaling) => PixelScaling.Of(scaling, Statistics);
}

using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Data;

/// <summary>What the user asks for.</summary>
internal sealed record DatasetRequest
{
    /// <summary>MNIST where it can be had, or what a named folder holds; else the built-in digits, with a warning.</summary>
    public const string Auto = "auto";

    /// <summary>The names that <see cref="Name"/> can have.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [Auto, .. PublishedDataset.All.Select(dataset => dataset.Key), BuiltInDigits.Name];

    /// <summary>The data set: one of <see cref="Names"/>, in any case.</summary>
    public string Name { get; init; } = Auto;

    /// <summary>A folder with the four files of the data set, or null where none is named.</summary>
    public string? Folder { get; init; }

    /// <summary>Number of classes, above every label; null where the labels say it.</summary>
    public int? Classes { get; init; }

    /// <summary>Whether rows and columns of the images are swapped.</summary>
    public bool Transpose { get; init; }

    /// <summary>
    /// Pixels per image that a network takes; null where any number will do. What cannot fit is not downloaded.
    /// </summary>
    public int? Inputs { get; init; }

    /// <summary>Classes that a network tells apart; null where any number will do. What cannot fit is not downloaded.</summary>
    public int? Outputs { get; init; }

    /// <summary>Whether it leaves open which data, so that any will do.</summary>
    public bool NamesNothing => Is(Auto) && Folder is null && Classes is null && !Transpose;

    /// <summary>Whether to download.</summary>
    public DownloadPolicy Download { get; init; } = DownloadPolicy.WhenNeeded;

    /// <summary>The published data set that is asked for, or null for auto and the digits.</summary>
    /// <exception cref="InputException">There is no data set of the name.</exception>
    public PublishedDataset? Wanted() => Is(Auto) || Is(BuiltInDigits.Name) ? null : PublishedDataset.Find(Name);

    /// <summary>Checks the request, as far as that goes without looking for data.</summary>
    /// <exception cref="InputException">
    /// There is no data set of the name, or no data has so many classes, or the request contradicts itself.
    /// </exception>
    public void Check()
    {
        Wanted();
        ClassCount.Check(Classes);
        if (Folder is not null && Is(BuiltInDigits.Name))
        {
            throw new InputException(
                $"the digits are built in and read no folder; leave out {Settings.DataFolder}, or {Settings.Dataset} digits");
        }
        if (Folder == "")
            throw new InputException($"{Settings.DataFolder} is empty; name a folder with the four files of the data set");
    }

    /// <summary>Whether a name is the one that is asked for, in any case.</summary>
    public bool Is(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}

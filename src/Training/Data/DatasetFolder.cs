using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Data;

/// <summary>
/// Finds the four files of a data set in a folder: there, or in a folder below it where the publishers' archives and torchvision
/// put them, e.g. <c>MNIST/raw</c>.
/// </summary>
internal static class DatasetFolder
{
    // Of torchvision and of the archive of EMNIST.
    private const string Raw = "raw", Unzipped = "gzip";

    /// <summary>Whether something lies at the place of each of the four files of a data set.</summary>
    public static bool IsComplete(string folder, PublishedDataset dataset) => CountFiles(folder, dataset) == dataset.Files.Count;

    /// <summary>Reads and checks the four files.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="wanted">The data set that must be there; null for the only one that is there.</param>
    /// <param name="classes">Number of classes; null where the labels say it.</param>
    /// <exception cref="InputException">A file is missing, cannot be read, is damaged, or does not fit the others.</exception>
    public static Dataset Read(string folder, PublishedDataset? wanted = null, int? classes = null)
    {
        if (File.Exists(folder))
        {
            throw new InputException(
                $"{folder}: is a file where a folder is expected; name the folder with the four files of the data set");
        }

        if (!Directory.Exists(folder))
            throw new InputException($"{folder}: there is no such folder; name one with the four files of the data set");
        CheckPermission(folder);
        var (place, named) = Find(folder, wanted);
        DataSource[] sources = [.. named.Files.Select(file => DataSource.OfFile(PathOf(place, file)!))];
        Dataset dataset = new DatasetFiles(named, sources)
            .Read(place, wanted is null ? NameOf(place, named) : Unpublished(wanted.Title), classes);
        if (wanted is not null && PublishedDataset.All.FirstOrDefault(known => known.Title == dataset.Name) is { } known
            && known.Key != wanted.Key)
        {
            throw new InputException(
                $"{place}: holds {known.Title}, not {wanted.Title}; leave out {Settings.Dataset} {wanted.Key}, " +
                $"or name another folder{Hint.With(Settings.DataFolder)}");
        }
        return dataset;
    }

    /// <summary>Without permission to list a folder, every file in it would seem to be missing.</summary>
    private static void CheckPermission(string folder)
    {
        try
        {
            _ = Directory.GetFileSystemEntries(folder);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new InputException($"{folder}: no permission to read the folder; change its permissions", error);
        }
    }

    /// <summary>The folder in which a data set lies, and whose names its files have.</summary>
    private static (string Place, PublishedDataset Named) Find(string folder, PublishedDataset? wanted)
    {
        List<Candidate> candidates = [];
        foreach (PublishedDataset dataset in wanted is null ? PublishedDataset.All : [wanted])
        {
            foreach (string place in PlacesOf(folder, dataset))
            {
                // Of data sets whose files have the same names, one stands for all where they lie in the same folder.
                if (!candidates.Exists(other => other.Place == place && other.Named.TrainImages.Name == dataset.TrainImages.Name))
                    candidates.Add(new Candidate(place, dataset, CountFiles(place, dataset)));
            }
        }
        List<Candidate> complete = candidates.FindAll(candidate => candidate.Files == candidate.Named.Files.Count);
        // The folder itself comes first: what lies below it was not named.
        if (complete.Exists(candidate => candidate.Place == folder))
            complete.RemoveAll(candidate => candidate.Place != folder);
        complete = [.. complete.DistinctBy(candidate => candidate.Named.Key)];
        if (complete.Count == 1)
            return (complete[0].Place, complete[0].Named);
        if (complete.Count > 1)
        {
            string list = string.Join(", ", complete.Select(found => $"{found.Named.Title} in {found.Place}"));
            throw new InputException(
                $"{folder}: holds several data sets: {list}; " +
                $"choose one{Hint.With(Settings.Dataset)}, e.g. {complete[0].Named.Key}");
        }
        Candidate nearest = candidates.MaxBy(candidate => candidate.Files)!;
        string missing = string.Join(", ",
            nearest.Named.Files.Where(file => PathOf(nearest.Place, file) is null).Select(file => file.Name));
        throw new InputException(
            $"{nearest.Place}: {missing} missing, plain or .gz; put all four files of " +
                $"{(wanted ?? PublishedDataset.Mnist).Title} there");
    }

    /// <summary>Where the files of a data set may lie in or below a folder, first to be preferred.</summary>
    private static string[] PlacesOf(string folder, PublishedDataset dataset) =>
    [
        folder,
        Path.Combine(folder, Raw),
        Path.Combine(folder, Unzipped),
        Path.Combine(folder, dataset.Folder, Raw),
        Path.Combine(folder, dataset.Folder, Raw, Unzipped),
    ];

    /// <summary>What data is called that nobody published: what its files' names say, or else its folder.</summary>
    private static string NameOf(string place, PublishedDataset named)
    {
        if (named.TrainImages.Name != PublishedDataset.Mnist.TrainImages.Name)
            return Unpublished(named.Title);
        var folder = new DirectoryInfo(place);
        while (folder.Name is Raw or Unzipped && folder.Parent is { } parent)
            folder = parent;
        if (PublishedDataset.All.Any(known => known.Title.Equals(folder.Name, StringComparison.OrdinalIgnoreCase)))
            return Unpublished(folder.Name);
        return PublishedDataset.All.FirstOrDefault(known => known.Folder == folder.Name) is { } known
            ? Unpublished(known.Title)
            : folder.Name;
    }

    private static string Unpublished(string title) => $"{title} (not as published)";

    private static int CountFiles(string folder, PublishedDataset dataset) =>
        dataset.Files.Count(file => PathOf(folder, file) is not null);

    /// <summary>
    /// The path at which a file lies, or null. A folder with the file's name counts only where there is no file: some
    /// archives hold both, one beside the other under the two spellings.
    /// </summary>
    private static string? PathOf(string folder, PublishedFile file)
    {
        string[] paths = [.. file.PossibleNames.Select(name => Path.Combine(folder, name))];
        return paths.FirstOrDefault(File.Exists) ?? paths.FirstOrDefault(Directory.Exists);
    }

    /// <summary>A place where a data set may lie. A class: of values each query would be compiled anew at every start.</summary>
    private sealed record Candidate(string Place, PublishedDataset Named, int Files);
}

using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Data;

/// <summary>
/// Finds the data set for a request: the folder that the user names, else the folder that the environment names, else
/// the cache, else a download to the cache, else, unless a published data set is insisted on, the built-in digits.
/// </summary>
/// <remarks>A folder that somebody named is never passed over: what is wrong with it is an error.</remarks>
/// <param name="locations">Where to look when the request names no folder.</param>
/// <param name="downloader">Downloads data sets to the cache.</param>
/// <param name="published">What is known of published data sets; null for <see cref="PublishedDataset.All"/>.</param>
internal sealed class DatasetResolver(
    DataLocations locations, DatasetDownloader downloader, IReadOnlyList<PublishedDataset>? published = null)
{
    // Of all data sets that are downloaded.
    private const int Pixels = 28 * 28, Classes = 10;

    private readonly IReadOnlyList<PublishedDataset> _published = published ?? PublishedDataset.All;

    /// <summary>Finds and reads the data set.</summary>
    /// <param name="request">What the user asks for.</param>
    /// <param name="progress">Told about a download, from any thread.</param>
    /// <param name="cancellation">Stops a download.</param>
    /// <exception cref="InputException">
    /// The request contradicts itself, a named folder cannot be used, or a data set is insisted on and cannot be had.
    /// </exception>
    /// <exception cref="OperationCanceledException">The download was stopped.</exception>
    public async Task<ResolvedDataset> ResolveAsync(
        DatasetRequest request, IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default)
    {
        request.Check();
        PublishedDataset? wanted = request.Wanted();
        if (request.Is(BuiltInDigits.Name))
            return Describe(BuiltInDigits.Read(request.Classes), request, BuiltInDigits.Location, []);
        if (request.Folder is not null)
            return Describe(DatasetFolder.Read(request.Folder, wanted, request.Classes), request, $"from {request.Folder}", []);
        if (locations.EnvironmentFolder is not null)
            return ReadEnvironmentFolder(locations.EnvironmentFolder, request);
        return await ReadCacheAsync(_published.First(known => known.Key == (wanted ?? PublishedDataset.Mnist).Key), request,
            progress, cancellation).ConfigureAwait(false);
    }

    private static ResolvedDataset ReadEnvironmentFolder(string folder, DatasetRequest request)
    {
        try
        {
            return Describe(
                DatasetFolder.Read(folder, request.Wanted(), request.Classes), request,
                $"from {folder}, named by {DataLocations.Variable}", []);
        }
        catch (InputException error)
        {
            throw new InputException(
                $"{error.Wording} (the environment variable {DataLocations.Variable} names this folder)", error);
        }
    }

    private async Task<ResolvedDataset> ReadCacheAsync(
        PublishedDataset wanted, DatasetRequest request, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        string cache = locations.CacheOf(wanted);
        if (wanted.Mirrors.Count == 0)
        {
            throw new InputException(
                $"{wanted.Title} is not downloaded, because it comes in one archive with all splits of EMNIST; get it from " +
                $"https://www.nist.gov/itl/products-and-services/emnist-dataset, unpack it, " +
                $"and name its folder{Hint.With(Settings.DataFolder)}");
        }
        CheckFits(wanted, request);
        List<Wording> warnings = [];
        if (DatasetFolder.IsComplete(cache, wanted))
        {
            try
            {
                Dataset cached = DatasetFolder.Read(cache, wanted, request.Classes);
                CheckPublished(cached, wanted);
                return Describe(cached, request, $"from the cache, {cache}", []);
            }
            catch (InputException error)
            {
                warnings.Add($"The cached {wanted.Title} cannot be used: {error.Wording}.");
            }
        }

        Wording reason;
        switch (request.Download)
        {
            case DownloadPolicy.WhenNeeded or DownloadPolicy.ToCache:
                try
                {
                    DownloadedFiles files = await downloader.DownloadAsync(wanted, cache, progress, cancellation)
                        .ConfigureAwait(false);
                    string origin = $"downloaded to {cache}";
                    if (files.NotStored is not null)
                    {
                        origin = "downloaded and not stored";
                        warnings.Add(NotStored(wanted, cache, files.NotStored, request.Download));
                    }
                    Dataset dataset = new DatasetFiles(wanted, files.Sources).Read(cache, wanted.Title, request.Classes);
                    CheckPublished(dataset, wanted);
                    return Describe(dataset, request, origin, warnings);
                }
                catch (InputException error)
                {
                    reason = error.Wording;
                }
                break;
            case DownloadPolicy.Later:
                reason =
                    $"{wanted.Title} is not in {cache}; training would download it, " +
                    $"and it can be downloaded now{Hint.With(Settings.Download)}";
                break;
            case DownloadPolicy.Never:
                reason =
                    $"{wanted.Title} is not in {cache}, and nothing is downloaded for this; " +
                    $"download it before, or name a folder{Hint.With(Settings.DataFolder)}";
                break;
            default:
                reason =
                    $"{wanted.Title} is not in {cache} and {Settings.Offline} forbids to download it; " +
                    $"leave out {Settings.Offline}, or name a folder{Hint.With(Settings.DataFolder)}";
                break;
        }
        if (!request.Is(DatasetRequest.Auto))
            throw new InputException(Wording.Join(" ", [.. warnings, reason]));
        return Describe(BuiltInDigits.Read(request.Classes), request, BuiltInDigits.Location,
            [.. warnings, $"This is not MNIST but the small built-in digits, and results will differ: {reason}."]);
    }

    /// <summary>Refuses data that cannot fit, which need not be downloaded to know it.</summary>
    private static void CheckFits(PublishedDataset wanted, DatasetRequest request)
    {
        int classes = request.Classes ?? Classes;
        if ((request.Inputs ?? Pixels) != Pixels || (request.Outputs ?? classes) != classes)
        {
            throw new InputException(
                $"{wanted.Title} has {Pixels} pixels and {classes} classes, but the network has {request.Inputs} inputs and " +
                $"{request.Outputs} classes; choose fitting data{Hint.With(Settings.Dataset, Settings.DataFolder)}");
        }
    }

    /// <summary>The warning that the cache cannot be written.</summary>
    /// <exception cref="InputException">The download was to fill the cache.</exception>
    private static string NotStored(PublishedDataset dataset, string cache, string problem, DownloadPolicy policy)
    {
        string text = $"{dataset.Title} could not be stored in {cache}: {problem}";
        string advice = $"let the environment variable {DataLocations.CacheVariable} name a folder that can be written";
        return policy == DownloadPolicy.ToCache
            ? throw new InputException($"{text}; {advice}")
            : $"{text}. It will be downloaded again next time; {advice}.";
    }

    /// <summary>Checks what came from the cache or a mirror, where nothing but the published data set may be.</summary>
    private static void CheckPublished(Dataset dataset, PublishedDataset wanted)
    {
        if (dataset.Files.FirstOrDefault(file => !file.IsPublished) is not { } other)
            return;
        string expected = other.PublishedMd5 is null
            ? $"those of {wanted.Title} are expected"
            : $"{wanted.Title} has {other.PublishedMd5}";
        throw new InputException(
            $"{Path.Combine(dataset.Location, other.Name)}: the contents have MD5 {other.Md5} where {expected}; " +
            $"download the file again, or name a folder of your own{Hint.With(Settings.DataFolder)}");
    }

    private static ResolvedDataset Describe(
        Dataset dataset, DatasetRequest request, string origin, IReadOnlyList<Wording> warnings)
    {
        List<Wording> all = [.. warnings, .. dataset.Warnings];
        string[] changed = [.. dataset.Files.Where(file => dataset.VerdictOf(file) == FileVerdict.Differs)
            .Select(file => file.Name)];
        if (changed.Length > 0)
        {
            all.Add(
                $"Of the files in {dataset.Location}, {string.Join(", ", changed)} " +
                    $"{(changed.Length == 1 ? "differs" : "differ")} from the published " +
                "data set to which the others belong.");
        }
        if (request.Transpose)
        {
            dataset = dataset.Transposed();
        }
        else if (PublishedDataset.All.Any(known =>
            known.IsTransposed && dataset.Name.StartsWith(known.Title, StringComparison.Ordinal)))
        {
            all.Add(
                $"The images of EMNIST are stored with rows and columns swapped; {Settings.Transposition} turns them upright.");
        }
        string source =
            $"{dataset.Name}: {dataset.Train.Count:N0} training and {dataset.Test.Count:N0} test images of " +
            $"{dataset.Train.Height}×{dataset.Train.Width} in {dataset.Classes} classes, {origin}";
        return new ResolvedDataset(dataset, source, all);
    }
}

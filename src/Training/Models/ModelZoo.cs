using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Words;
using IlgpuDistance.Zoo;

namespace IlgpuDistance.Training.Models;

/// <summary>
/// The trained networks that come with this library: <c>zoo:NAME</c>, e.g. <c>zoo:Abs-L2-Neg</c>, stands for one wherever the
/// file of a model is read. A file that is really called so is <c>./zoo:NAME</c>.
/// </summary>
public static class ModelZoo
{
    /// <summary>What a name of the zoo begins with, in any case.</summary>
    public const string Prefix = ReservedName.Prefix;

    /// <summary>The names of the networks, without <see cref="Prefix"/>.</summary>
    public static IReadOnlyList<string> Names => ZooFiles.Names;

    /// <summary>Whether the name of a file stands for a network of the zoo.</summary>
    internal static bool IsNamedBy(string path) => ReservedName.Is(path);

    /// <summary>The network with a name in any case, as <c>zoo:NAME</c>; null where there is none.</summary>
    /// <param name="name">The name, without <see cref="Prefix"/>.</param>
    internal static string? Find(string name) =>
        Names.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } found
            ? Prefix + found
            : null;

    /// <summary>Opens a model's file, or a network of the zoo.</summary>
    /// <param name="path">The file, or <c>zoo:NAME</c>.</param>
    /// <returns>A stream that can be positioned.</returns>
    /// <exception cref="IOException">It cannot be opened or read.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    /// <exception cref="InputException">The zoo has no such network, or the file is a pipe without an end.</exception>
    internal static Stream Open(string path)
    {
        if (!IsNamedBy(path))
            return InputFile.Open(path);
        string name = path[Prefix.Length..];
        if (Find(name) is { } found)
            return ZooFiles.Open(found[Prefix.Length..]);
        string known = Spelling.Nearest(name, Names) is { } nearest ? $"did you mean {Prefix}{nearest}? It" : "it";
        throw new InputException(
            $"{path}: the zoo of trained networks has none of this name; {known} has {string.Join(", ", Names)}");
    }
}

namespace IlgpuDistance.Gpu.Errors;

/// <summary>
/// Something that whoever uses the library can set, by its name in the library's own words, e.g. "learning rate". A program
/// that sets it by another name, such as an option, puts that into messages: see <see cref="Wording"/>.
/// </summary>
/// <param name="Name">A noun, to be read before a value.</param>
internal sealed record Setting(string Name)
{
    /// <summary>The name.</summary>
    public override string ToString() => Name;
}

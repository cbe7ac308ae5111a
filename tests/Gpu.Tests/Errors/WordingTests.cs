using System.Globalization;
using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Gpu.Tests.Errors;

public class WordingTests
{
    private static readonly Setting Rate = new("learning rate"), Folder = new("folder"), Other = new("other");

    [Fact]
    public void A_message_is_in_the_words_of_the_library_unless_a_program_has_its_own()
    {
        var error = new InputException(
            $"{Rate} {0.5f}: x/{1} was begun with {Rate} {2}; use that, or name another folder{Hint.With(Folder, Other)}");
        Assert.Equal("learning rate 0.5: x/1 was begun with learning rate 2; use that, or name another folder", error.Message);
        Assert.Equal("--lr 0.5: x/1 was begun with --lr 2; use that, or name another folder with --out",
            error.Wording.InWords(NameOf));
    }

    [Fact]
    public void Messages_within_messages_keep_what_they_name()
    {
        var inner = new InputException($"{Rate} is missing");
        var outer = new InputException($"left out: {inner.Wording}{new Hint("or", Other, Rate, Folder)}", inner);
        Assert.Equal("left out: learning rate is missing", outer.Message);
        Assert.Equal("left out: --lr is missing or --lr or --out", outer.Wording.InWords(NameOf));
        Wording joined = Wording.Join("; ", ["one", $"two {Rate}", outer.Wording]);
        Assert.Equal("one; two --lr; left out: --lr is missing or --lr or --out", joined.InWords(NameOf));
    }

    [Fact]
    public void A_message_that_names_nothing_is_its_text()
    {
        Wording text = "a: b";
        Assert.Equal(("a: b", "a: b"), ($"{text}", text.InWords(NameOf)));
        Assert.Equal("a: b", new InputException("a: b").Wording.InWords(NameOf));
    }

    [Fact]
    public void Numbers_are_the_same_in_every_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            other.NumberFormat = new NumberFormatInfo { NumberDecimalSeparator = ",", NumberGroupSeparator = "." };
            CultureInfo.CurrentCulture = other;
            Assert.Equal("0.5 of 1,234", new InputException($"{0.5} of {1234:N0}").Message);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static string? NameOf(Setting setting) => setting == Rate ? "--lr" : setting == Folder ? "--out" : null;
}

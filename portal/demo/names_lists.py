"""Given and family names in many scripts, each with its Latin spelling where the script is another.

A name is "name" or "name=latin"; an underscore is a space inside a name. Neighbours come from the same part of
the world. The first text of a pair holds given names, the second family names.
"""

IBERIAN = (
    """
Inês Maria João Beatriz Tomás Lourenço Mafalda Gonçalo Catarina Débora António Sebastião Letícia Thaís
André Luísa Vitória Cauã Ângela Mônica Íris José Raúl Núria Íñigo Begoña Álvaro Lucía Martín Sofía
Ximena Joaquín Belén Adrián Concepción Iván Marisol Óscar Pilar Úrsula Rocío Nuno Filipa Rui Teresa
""",
    """
Gonçalves Araújo Magalhães Simões Falcão Conceição Brandão Guimarães Assunção Antunes Leitão Nóbrega
Pacheco Quintão Sá Teixeira Valadão Núñez Muñoz Ibáñez Peña Yáñez Zúñiga Ordóñez Castañeda Echeverría
Goñi Jiménez López-Ávila Gutiérrez Saldaña Vázquez Fuentes d'Ávila Mendonça Figueirôa Rebelo Sequeira
Quevedo Bermúdez Carrasco Villaseñor
""",
)
NORTHERN = (
    """
Jeroen Sanne Femke Joris Maaike Sjoerd Anouk Wiebe Noor Hidde Lieke Søren Åsa Bjørn Øyvind Jörg Käthe
Björk Þóra Aino Väinö Jürgen Zoë Chloë Siân Aoife Niamh Caoimhe Siobhán Pádraig Róisín Eoin Maeve Rhys
Eilidh Ruairí Anaïs Loïc Maël Hélène Théo Noémie Gaëlle Benoît Margaux Ülle Märt Jānis Kristīne Rūta
""",
    """
de_Vries van_den_Berg van_'t_Hof ter_Horst Dijkstra Hoekema Vermeulen Nijhuis Østergård Ångström
Lindqvist Sæther Bjørnstad Müller-Lüdenscheidt Schäfer Weiß Größl Þorsteinsdóttir Jónsson Hämäläinen
Mäkelä Yrjölä O'Brien O'Sullivan Ní_Dhomhnaill Mac_Giolla_Phádraig Ó_Súilleabháin McAllister Llewellyn
Fitzgerald-Moore Lefèvre Deschênes Le_Goff D'Aubigné Brûlé Français Õunapuu Tamm Bērziņš Kļaviņa
Žukauskaitė Smith Jones Clarke
""",
)
CENTRAL = (
    """
Łukasz Małgorzata Żaneta Wojciech Agnieszka Stanisław Bożena Grzegorz Paweł Jiří Tereza Ondřej Božena
Zdeněk Květa Štěpán Ľubica Dušan Želmíra György Zsófia László Ágnes Ödön Dezső Ștefan Ioana Răzvan
Mădălina Çağla Gökhan Şule Özgür İpek Ümit Đorđe Željka Nebojša Živko Snežana Čedomir Žiga Špela Ilir
Besë Jonë
""",
    """
Wiśniewski Kowalczyk Dąbrowska Szczęsny Brzęczyszczykiewicz Żuławski Wójcik Nowák Dvořák Černý Řehák
Procházková Kučera Havlíček Šimečka Ďurica Kováč Szőke Nagy Székely Ördög Kertész Popescu Țurcanu
Brătianu Ionescu Öztürk Yıldız Çelik Şahin Güneş Aydoğan Petrović Đurić Živković Šarić Čolić Novak Žagar
Hoxha Krasniqi Vukčević
""",
)
AFRICAN = (
    """
Wanjiku Achieng Kiptoo Njeri Kwame Akosua Kofi Abena Chukwuemeka Ngozi Olúwaṣeun Adébáyò Ọmọtọ́lá
Funmilayo Ifeanyi Chiamaka Thandiwe Sipho Nokuthula Lerato Mamadou Aïssatou Fatoumata Ousmane Awa Cheikh
Ndèye Ibrahima Rakoto Voahirana Tendai Rudo Chipo Farai Amahle Bongani Zanele Makena Baraka Zawadi Neema
Jabari
""",
    """
Odhiambo Kamau Mwangi Wekesa Cheruiyot Mensah Owusu-Ansah Boateng Adjei Okafor Nwosu Adékúnlé Ọláńrewájú
Eze Balogun Dlamini Ndlovu Nkosi Mokoena Mthembu Diop N'Diaye Sow Bâ Cissé N'Guessan Traoré Kouyaté
Rakotomalala Andrianampoinimerina Moyo Chikwanha Mutasa Ncube Kilonzo Juma Mushi Nyerere Msuya Kimathi
Otieno Barasa
""",
)
SOUTHEAST = (
    """
Nguyệt Thảo Đức Hạnh Phương Tuấn Quỳnh Bảo Trâm Khôi Siti Dewi Budi Rizky Putri Agus Wahyu Ayu Jose
Marikit Bayani Ligaya Amihan Dakila Luningning Isagani Nur Hafiz Farah Aisyah Danish Intan Mei Wei Jun
Hui Ling Kok Swee Chin Siew Boon
""",
    """
Nguyễn Trần Lê Phạm Hoàng Huỳnh Võ Đặng Bùi Đỗ Santoso Wijaya Setiawan Hartono Nugroho Pratama Dela-Cruz
Macaraeg Dimaculangan Catacutan Bautista Magsaysay Panganiban Tolentino Ismail Rahman Abdullah Zulkifli
Hassan Othman Tan Lim Ong Goh Chua Teo Koh Yeo Sim Wee Quek Foo
""",
)
CYRILLIC = (
    """
Олена=Olena Тарас=Taras Оксана=Oksana Богдан=Bohdan Ярослава=Yaroslava Дмитро=Dmytro Соломія=Solomiia
Назар=Nazar Катерина=Kateryna Юрій=Yurii Мілан=Milan Јелена=Jelena Љубица=Ljubica Ђорђе=Djordje
Борис=Boris Ивайло=Ivaylo Радка=Radka Десислава=Desislava Цветан=Tsvetan Анна=Anna Екатерина=Ekaterina
Михаил=Mikhail Наталья=Natalya Алексей=Aleksey Светлана=Svetlana Фёдор=Fyodor Зоя=Zoya Айгүл=Aigul
Нұрлан=Nurlan Гүлнар=Gulnar Ержан=Yerzhan Бат=Bat Энхтуяа=Enkhtuya Кирил=Kiril Весна=Vesna Горан=Goran
Леся=Lesia Остап=Ostap Злата=Zlata Марко=Marko Ганна=Hanna Павло=Pavlo
""",
    """
Шевченко=Shevchenko Коваленко=Kovalenko Бондаренко=Bondarenko Ткачук=Tkachuk Мельник=Melnyk
Гнатюк=Hnatiuk Лисенко=Lysenko Сидоренко=Sydorenko Петровић=Petrovic Јовановић=Jovanovic Николић=Nikolic
Стојановски=Stojanovski Иванов=Ivanov Димитров=Dimitrov Стоянов=Stoyanov Георгиев=Georgiev
Смирнов=Smirnov Кузнецов=Kuznetsov Попов=Popov Соколов=Sokolov Лебедев=Lebedev Новиков=Novikov
Морозов=Morozov Щербак=Shcherbak Жук=Zhuk Яценко=Yatsenko Юхименко=Yukhymenko Цой=Tsoi
Нурмагамбетов=Nurmagambetov Ахметов=Akhmetov Сулейменов=Suleimenov Жумабаев=Zhumabaev
Ганбаатар=Ganbaatar Дорж=Dorj Тодоров=Todorov Савић=Savic Мирчев=Mirchev Вълков=Valkov Кравець=Kravets
Гончар=Honchar Білик=Bilyk Мороз=Moroz
""",
)
GREEK = (
    """
Ελένη=Eleni Νίκος=Nikos Γιώργος=Giorgos Μαρία=Maria Κωνσταντίνα=Konstantina Δημήτρης=Dimitris
Αικατερίνη=Aikaterini Σπύρος=Spyros Βασιλική=Vasiliki Χρήστος=Christos Φωτεινή=Foteini
Παναγιώτης=Panagiotis Αθηνά=Athina Θεόδωρος=Theodoros Ιωάννα=Ioanna Στέλιος=Stelios Ευαγγελία=Evangelia
Λευτέρης=Lefteris Ζωή=Zoi Μάριος=Marios Κυριακή=Kyriaki Πέτρος=Petros Δέσποινα=Despoina
Αλέξανδρος=Alexandros Όλγα=Olga Ηλίας=Ilias Χαρά=Chara Μιχάλης=Michalis Σοφία=Sofia Άγγελος=Angelos
Ανδρέας=Andreas Ειρήνη=Eirini Γεωργία=Georgia Ορέστης=Orestis Δάφνη=Dafni Φίλιππος=Filippos Μυρτώ=Myrto
Λεωνίδας=Leonidas Θάλεια=Thaleia Ραλλού=Rallou Αργυρώ=Argyro
""",
    """
Παπαδόπουλος=Papadopoulos Γεωργίου=Georgiou Οικονόμου=Oikonomou Παπανικολάου=Papanikolaou Βλάχος=Vlachos
Αντωνίου=Antoniou Μακρής=Makris Καραγιάννης=Karagiannis Δημητρίου=Dimitriou Νικολαΐδης=Nikolaidis
Σταυρόπουλος=Stavropoulos Χατζηγεωργίου=Chatzigeorgiou Κοντός=Kontos Αλεξίου=Alexiou Ζαφείρη=Zafeiri
Λάμπρου=Lamprou Μπακάλης=Bakalis Ξενάκης=Xenakis Τσιτσάνης=Tsitsanis Φραγκούλη=Frangouli Σεφέρης=Seferis
Ρίτσος=Ritsos Καβάφη=Kavafi Ελύτης=Elytis Πετρίδης=Petridis Ιωαννίδου=Ioannidou Μαυρομάτη=Mavromati
Κουρής=Kouris Γαλάνης=Galanis Δραγούμη=Dragoumi Θεοδωράκη=Theodoraki Χριστοδούλου=Christodoulou
Παππάς=Pappas Ψαρράς=Psarras Τζανής=Tzanis Λιάπης=Liapis Σαμαράς=Samaras Φωκάς=Fokas Αρβανίτη=Arvaniti
Μελά=Mela Ευθυμίου=Efthymiou
""",
)
ARABIC = (
    """
محمد=Mohammed فاطمة=Fatima يوسف=Youssef مريم=Maryam خالد=Khaled نور=Nour عمر=Omar ليلى=Layla حسن=Hassan
زينب=Zainab علي=Ali سارة=Sara إبراهيم=Ibrahim هدى=Huda طارق=Tariq رنا=Rana سمير=Samir ياسمين=Yasmin
كريم=Karim دينا=Dina عائشة=Aisha بلال=Bilal أمينة=Amina رشيد=Rachid سلمى=Salma أنس=Anas هالة=Hala
وليد=Walid غادة=Ghada زياد=Ziad منى=Mona فيصل=Faisal لبنى=Lubna جمال=Jamal ندى=Nada مصطفى=Mustafa
رضا=Reza شیرین=Shirin داریوش=Dariush پروین=Parvin عبدالرحمن=Abdulrahman سهام=Siham
""",
    """
الحسن=Alhassan المصري=Almasri حداد=Haddad الخطيب=Alkhatib منصور=Mansour النجار=Alnajjar العلي=Alali
بنعيسى=Benaissa الشامي=Alshami البغدادي=Albaghdadi خوري=Khoury زيدان=Zeidan الفاسي=Alfassi
بنجلون=Benjelloun الإدريسي=Alidrissi صالح=Saleh حمدان=Hamdan قاسم=Qasim الأنصاري=Alansari
سليمان=Sulaiman الدوسري=Aldosari القحطاني=Alqahtani الزهراني=Alzahrani عباس=Abbas درويش=Darwish
شاهين=Shaheen مراد=Murad عثمان=Othman الرفاعي=Alrifai غانم=Ghanem بدوي=Badawi رضوان=Radwan
یزدانی=Yazdani حسینی=Hosseini کریمی=Karimi تهرانی=Tehrani رحيمي=Rahimi الأحمد=Alahmad طه=Taha
ناصر=Nasser عزام=Azzam السعدي=Alsaadi
""",
)
HEBREW = (
    """
נועה=Noa דוד=David יעל=Yael אורי=Uri תמר=Tamar איתי=Itai שירה=Shira יונתן=Yonatan מיכל=Michal עומר=Omer
רות=Rut אברהם=Avraham הדס=Hadas גיא=Guy ליאור=Lior נעמה=Naama אלון=Alon דנה=Dana יצחק=Yitzhak
אביגיל=Avigail רועי=Roi מאיה=Maya אסף=Asaf חנה=Hana ניר=Nir עדי=Adi שמואל=Shmuel טליה=Talia גלעד=Gilad
רבקה=Rivka עמית=Amit אפרת=Efrat יואב=Yoav ענת=Anat מרים=Miryam צבי=Tzvi אילנה=Ilana בועז=Boaz
כרמל=Karmel שלומית=Shlomit זהבה=Zehava
""",
    """
כהן=Cohen לוי=Levi מזרחי=Mizrahi פרץ=Peretz ביטון=Biton דהן=Dahan אברהמי=Avrahami פרידמן=Friedman
מלכה=Malka אזולאי=Azoulay כץ=Katz יוסף=Yosef עמר=Amar אוחיון=Ohayon חדד=Hadad גבאי=Gabay אדרי=Edri
לוין=Levin טל=Tal קליין=Klein חן=Chen שפירא=Shapira חזן=Hazan משה=Moshe סויסה=Suissa שרון=Sharon
רוזן=Rosen גולן=Golan ברק=Barak נחום=Nahum אלמוג=Almog הררי=Harari וקנין=Vaknin סגל=Segal יעקובי=Yaakobi
בןדור=Bendor שגב=Sagev רונן=Ronen צור=Tzur ארז=Erez פלג=Peleg
""",
)
DEVANAGARI = (
    """
आरव=Aarav अनन्या=Ananya प्रिया=Priya रोहन=Rohan कविता=Kavita संजय=Sanjay मीरा=Mira अर्जुन=Arjun
दीपिका=Deepika विक्रम=Vikram नेहा=Neha राहुल=Rahul श्रेया=Shreya मनोज=Manoj लक्ष्मी=Lakshmi
कृष्ण=Krishna सुनीता=Sunita अमित=Amit पूजा=Pooja हरीश=Harish रेखा=Rekha गणेश=Ganesh उषा=Usha नितिन=Nitin
ज्योति=Jyoti सूरज=Suraj इन्दिरा=Indira चन्द्र=Chandra भावना=Bhavana धीरज=Dhiraj वैशाली=Vaishali
प्रकाश=Prakash स्नेहा=Sneha मोहन=Mohan तनुजा=Tanuja केदार=Kedar गौरी=Gauri शंकर=Shankar सीता=Sita
बिष्णु=Bishnu आशा=Asha ऋषि=Rishi
""",
    """
शर्मा=Sharma वर्मा=Verma गुप्ता=Gupta पाटील=Patil देशपांडे=Deshpande कुलकर्णी=Kulkarni जोशी=Joshi
सिंह=Singh यादव=Yadav मिश्रा=Mishra तिवारी=Tiwari चौधरी=Chaudhary पाण्डेय=Pandey श्रेष्ठ=Shrestha
तामाङ=Tamang गुरुङ=Gurung थापा=Thapa अग्रवाल=Agrawal मेहता=Mehta भट्ट=Bhatt त्रिपाठी=Tripathi
चतुर्वेदी=Chaturvedi सक्सेना=Saxena कपूर=Kapoor मल्होत्रा=Malhotra राठौड़=Rathore जाधव=Jadhav
शिंदे=Shinde पवार=Pawar गायकवाड़=Gaikwad भोसले=Bhosale कदम=Kadam नायक=Nayak ठाकुर=Thakur दुबे=Dubey
शुक्ला=Shukla अधिकारी=Adhikari पोखरेल=Pokharel कोइराला=Koirala खन्ना=Khanna सेठ=Seth बजाज=Bajaj
""",
)
TAMIL = (
    """
கார்த்திக்=Karthik தமிழ்ச்செல்வி=Tamilselvi முருகன்=Murugan கயல்விழி=Kayalvizhi செந்தில்=Senthil
மலர்=Malar அருண்=Arun யாழினி=Yazhini பாலாஜி=Balaji நிலா=Nila சுந்தர்=Sundar தேவி=Devi கவின்=Kavin
இனியா=Iniya வேல்=Vel பூங்கொடி=Poongodi குமரன்=Kumaran அன்பு=Anbu சரண்யா=Saranya இளங்கோ=Ilango வாணி=Vani
மணி=Mani கோகிலா=Kokila ரவி=Ravi செல்வம்=Selvam மதி=Mathi திவ்யா=Divya கதிர்=Kathir பரணி=Bharani
ஓவியா=Oviya நந்தினி=Nandhini சேரன்=Cheran வசந்தா=Vasantha துரை=Durai பவித்ரா=Pavithra எழில்=Ezhil
ஆதிரை=Aathirai மாறன்=Maran உமா=Uma சிவா=Siva ராதா=Radha
""",
    """
சுப்பிரமணியன்=Subramanian ராமசாமி=Ramasamy நடராஜன்=Natarajan கிருஷ்ணமூர்த்தி=Krishnamurthy
சண்முகம்=Shanmugam பழனிசாமி=Palanisamy வெங்கடேசன்=Venkatesan கோவிந்தராஜன்=Govindarajan ஆறுமுகம்=Arumugam
சக்திவேல்=Sakthivel ராஜேந்திரன்=Rajendran பாண்டியன்=Pandian சோமசுந்தரம்=Somasundaram மாணிக்கம்=Manickam
தங்கவேல்=Thangavel அழகர்=Azhagar வைத்தியநாதன்=Vaidyanathan குணசேகரன்=Gunasekaran இராமன்=Raman ஐயர்=Iyer
பிள்ளை=Pillai செட்டியார்=Chettiar நாயுடு=Naidu முதலியார்=Mudaliar கந்தசாமி=Kandasamy
பொன்னம்பலம்=Ponnambalam சிதம்பரம்=Chidambaram பெருமாள்=Perumal அண்ணாமலை=Annamalai லிங்கம்=Lingam
ராஜா=Raja சேகர்=Sekar மூர்த்தி=Murthy தேவர்=Thevar கணபதி=Ganapathy வேலு=Velu ஜெயராமன்=Jayaraman
நாதன்=Nathan அரசு=Arasu முத்து=Muthu தியாகராஜன்=Thiagarajan
""",
)
CHINESE = (
    """
伟=Wei 芳=Fang 秀英=Xiuying 娜=Na 敏=Min 静=Jing 丽=Li 强=Qiang 磊=Lei 军=Jun 洋=Yang 勇=Yong 艳=Yan
杰=Jie 涛=Tao 明=Ming 雨桐=Yutong 子轩=Zixuan 浩然=Haoran 欣怡=Xinyi 梓涵=Zihan 思远=Siyuan
晓东=Xiaodong 佳琪=Jiaqi 志强=Zhiqiang 雪梅=Xuemei 美玲=Meiling 建華=Jianhua 淑芬=Shufen 家豪=Jiahao
怡君=Yijun 俊傑=Junjie 雅婷=Yating 詠詩=Wingsze 嘉欣=Kayan 天佑=Tinyau 一诺=Yinuo 沐宸=Muchen 若曦=Ruoxi
文博=Wenbo 海燕=Haiyan 春花=Chunhua
""",
    """
王=Wang 李=Li 张=Zhang 刘=Liu 陈=Chen 杨=Yang 赵=Zhao 黄=Huang 周=Zhou 吴=Wu 徐=Xu 孙=Sun 胡=Hu 朱=Zhu
高=Gao 林=Lin 何=He 郭=Guo 马=Ma 罗=Luo 梁=Liang 宋=Song 郑=Zheng 谢=Xie 韩=Han 唐=Tang 冯=Feng 于=Yu
董=Dong 萧=Xiao 程=Cheng 曹=Cao 袁=Yuan 邓=Deng 许=Hsu 傅=Fu 沈=Shen 曾=Zeng 彭=Peng 呂=Lu 歐陽=Ouyang
司徒=Szeto 諸葛=Zhuge
""",
)
JAPANESE = (
    """
さくら=Sakura 翔太=Shota 陽菜=Hina 健一=Kenichi 美咲=Misaki 大輔=Daisuke 葵=Aoi 直樹=Naoki 結衣=Yui
拓也=Takuya 真由美=Mayumi 蓮=Ren 千尋=Chihiro 悠斗=Yuto 彩=Aya 浩=Hiroshi 恵子=Keiko 誠=Makoto
七海=Nanami 亮=Ryo 由紀=Yuki 隆=Takashi 優子=Yuko 海斗=Kaito 凛=Rin 智子=Tomoko 剛=Takeshi 桃子=Momoko
一郎=Ichiro ひかり=Hikari 修=Osamu 紗希=Saki 和也=Kazuya 久美=Kumi 颯=Hayate みどり=Midori 晴=Haru 愛=Ai
純=Jun 光=Hikaru ケン=Ken
""",
    """
佐藤=Sato 鈴木=Suzuki 高橋=Takahashi 田中=Tanaka 伊藤=Ito 渡辺=Watanabe 山本=Yamamoto 中村=Nakamura
小林=Kobayashi 加藤=Kato 吉田=Yoshida 山田=Yamada 佐々木=Sasaki 山口=Yamaguchi 松本=Matsumoto 井上=Inoue
木村=Kimura 林=Hayashi 清水=Shimizu 斎藤=Saito 阿部=Abe 森=Mori 池田=Ikeda 橋本=Hashimoto 石川=Ishikawa
前田=Maeda 藤田=Fujita 後藤=Goto 岡田=Okada 長谷川=Hasegawa 村上=Murakami 近藤=Kondo 坂本=Sakamoto
遠藤=Endo 青木=Aoki 西村=Nishimura 福田=Fukuda 三浦=Miura 勅使河原=Teshigawara 小笠原=Ogasawara
五十嵐=Igarashi
""",
)
KOREAN = (
    """
민준=Minjun 서연=Seoyeon 지훈=Jihoon 하은=Haeun 도윤=Doyun 지우=Jiwoo 예준=Yejun 수빈=Subin 현우=Hyunwoo
채원=Chaewon 준서=Junseo 유진=Yujin 건우=Gunwoo 다은=Daeun 우진=Woojin 소연=Soyeon 성민=Sungmin
은지=Eunji 영호=Youngho 미경=Mikyung 상철=Sangchul 정희=Junghee 동현=Donghyun 나래=Narae 태양=Taeyang
보람=Boram 슬기=Seulgi 한결=Hangyeol 가람=Garam 이슬=Iseul 재원=Jaewon 혜진=Hyejin 승호=Seungho
윤아=Yoona 진수=Jinsoo 경민=Kyungmin 세영=Seyoung 아름=Areum 주원=Juwon 빛나=Bitna 찬=Chan
""",
    """
김=Kim 이=Lee 박=Park 최=Choi 정=Jung 강=Kang 조=Cho 윤=Yoon 장=Jang 임=Lim 한=Han 오=Oh 서=Seo 신=Shin
권=Kwon 황=Hwang 안=Ahn 송=Song 류=Ryu 전=Jeon 홍=Hong 고=Ko 문=Moon 양=Yang 손=Son 배=Bae 백=Baek
허=Heo 유=Yoo 남=Nam 심=Shim 노=Noh 하=Ha 곽=Kwak 성=Sung 차=Cha 주=Joo 우=Woo 구=Koo 나=Na 남궁=Namgung
황보=Hwangbo 선우=Sunwoo
""",
)
THAI = (
    """
สมชาย=Somchai สุดา=Suda ณัฐพล=Nattapon กนกวรรณ=Kanokwan วิชัย=Wichai มาลี=Malee ธนากร=Thanakorn
พิมพ์ชนก=Pimchanok อนันต์=Anan ศิริพร=Siriporn ปิยะ=Piya รัตนา=Rattana ชาญชัย=Chanchai นภา=Napa
กิตติ=Kitti วรรณา=Wanna ธีรพงษ์=Teerapong อรอุมา=Onuma สมหญิง=Somying เอกชัย=Ekachai ดารา=Dara
พงศกร=Pongsakorn จันทร์เพ็ญ=Chanpen ภูมิ=Phum ลลิตา=Lalita ชัยวัฒน์=Chaiwat สุภาพร=Supaporn
นิรันดร์=Niran ปรีชา=Preecha บุษบา=Bussaba ศักดิ์=Sak เพ็ญศรี=Pensri วีระ=Weera อัญชลี=Anchalee
ประภา=Prapa มานพ=Manop กาญจนา=Kanchana ไพโรจน์=Pairoj สายฝน=Saifon ธิดา=Thida อารีย์=Aree
""",
    """
ใจดี=Jaidee รักไทย=Rakthai ศรีสุข=Srisuk ทองคำ=Thongkham แสงจันทร์=Saengchan บุญมา=Boonma
วงศ์สวัสดิ์=Wongsawat สุวรรณ=Suwan พงษ์พานิช=Phongphanit จันทรา=Chantra เจริญสุข=Charoensuk
ศรีวิชัย=Sriwichai แก้วมณี=Kaewmanee พรหมมา=Phromma อินทร์แก้ว=Inkaew มหาวงศ์=Mahawong ชัยศรี=Chaisri
สมบัติ=Sombat รุ่งเรือง=Rungrueang พันธุ์ดี=Phandee เพชรรัตน์=Phetcharat นาคสุข=Naksuk
วัฒนกุล=Wattanakul ธรรมรักษ์=Thammarak ปัญญาดี=Panyadee สายทอง=Saithong คำแก้ว=Khamkaew ดวงดี=Duangdee
ไชยวงศ์=Chaiwong สิงห์ทอง=Singthong บัวงาม=Buangam ศิริวงศ์=Siriwong มีสุข=Meesuk อยู่เย็น=Yooyen
เกษมสุข=Kasemsuk ทวีทรัพย์=Thaweesap พิทักษ์=Phithak นิลวงศ์=Ninwong สุขสันต์=Suksan งามวงศ์=Ngamwong
ลีลาวดี=Leelawadee
""",
)
AMHARIC = (
    """
አበበ=Abebe ሰላም=Selam ተስፋዬ=Tesfaye ህይወት=Hiwot ዳዊት=Dawit ብርሃን=Birhan ሙሉጌታ=Mulugeta ትዕግስት=Tigist
ዮሐንስ=Yohannes ማርታ=Marta ግርማ=Girma አልማዝ=Almaz ከበደ=Kebede ፍቅርተ=Fikirte ኃይሉ=Hailu ሳራ=Sara መኮንን=Mekonnen
አስቴር=Aster ታደሰ=Tadesse ሮማን=Roman ሰለሞን=Solomon ገነት=Genet ነጋሽ=Negash ወይንሸት=Woinshet አለማየሁ=Alemayehu
ዘውዲቱ=Zewditu ይስሐቅ=Yishak ራሔል=Rahel ፀሐይ=Tsehay በቀለ=Bekele ሊያ=Lia እዮብ=Eyob ቤተልሔም=Betelhem ናትናኤል=Natnael
ጽዮን=Tsion ሔኖክ=Henok መሠረት=Meseret አማኑኤል=Amanuel ሃና=Hanna ቃልኪዳን=Kalkidan ሚኪያስ=Mikias
""",
    """
ገብረመድህን=Gebremedhin ወልደማርያም=Woldemariam ተክለሃይማኖት=Teklehaymanot ኃይለሥላሴ=Haileselassie ደስታ=Desta አሰፋ=Assefa
በየነ=Beyene ለማ=Lemma ወርቁ=Worku ንጉሤ=Nigussie ዘለቀ=Zeleke ሽፈራው=Shiferaw አያሌው=Ayalew ተፈራ=Teferra ካሳ=Kassa
መንግሥቱ=Mengistu ደበበ=Debebe ጌታቸው=Getachew አድማሱ=Admasu ይማም=Yimam እንዳለ=Endale ፈለቀ=Feleke ጥላሁን=Tilahun
ሀብቴ=Habte ቸኮል=Chekol ዓለሙ=Alemu ገመቹ=Gemechu ቶላ=Tola ድሪባ=Diriba ሞገስ=Moges ብዙነህ=Bizuneh ሥዩም=Seyoum
ዋቅጅራ=Wakjira ምትኩ=Mitiku ረታ=Retta ታምራት=Tamrat ወንድሙ=Wondimu ጎሳ=Gossa ኤርሚያስ=Ermias ፍሬው=Firew ጸጋዬ=Tsegaye
""",
)
MONONYMS = """
Suharti Sukarjo Wayan Kartini Slamet Sulastri Nurhayati Supriyadi Tenzin Dolma Pema Karma Ugyen Hsu
Thiri Myat Zaw Nilar Ravi Meena Guðrún Ganbold Oyuun Batbayar Solongo Sarangerel Hevin Rojda
"""
